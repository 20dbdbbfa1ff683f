-- one comparison of a condition: what has no figure holds in none; each side is named as seldom as can be, as it is planned so often
CREATE OR REPLACE MACRO holds(figure, op, value) AS coalesce(
    CASE
        WHEN figure < value THEN op IN ('<', '<=', '<>')
        WHEN figure = value THEN op IN ('<=', '=', '>=')
        WHEN figure > value THEN op IN ('>=', '>', '<>')
    END, FALSE
);
