-- one row per scheme, effective, kind; rebuilt whole
-- The kinds of which each action is looked at by itself to say what it earns: whoever did it needs a certificate, doing it again with
-- the same customer earns less, a claw-back may take from it, its limit is that of the day on which it was recorded, or the points of
-- a part of one are rounded. Of all others a day's sum earns.
SELECT k.scheme, k.effective, k.kind
FROM scheme_kinds AS k
LEFT JOIN scheme_games AS g ON g.scheme = k.scheme AND g.effective = k.effective
WHERE k.points > 0 AND (
    k.certificate
    OR (g.limit_by_record AND k.daily_limit IS NOT NULL)
    OR k.points % 1000 <> 0
    OR (k.repeats AND EXISTS (SELECT 1 FROM scheme_repeats AS r WHERE r.scheme = k.scheme AND r.effective = k.effective))
    OR EXISTS (
        SELECT 1 FROM scheme_claw_backs AS c
        WHERE c.scheme = k.scheme AND c.effective = k.effective AND c.takes = k.kind
    )
)
