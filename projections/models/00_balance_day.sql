-- the day at whose end a balance is taken, of a quarter that runs from first_day to last_day; `today` is the latest that is known
CREATE OR REPLACE MACRO balance_day(on_day, stated, first_day, last_day, today) AS least(
    CASE on_day
        WHEN 'before-quarter' THEN first_day - 1
        WHEN 'before-year' THEN date_trunc('year', first_day)::DATE - 1
        WHEN 'quarter-first-day' THEN first_day
        WHEN 'year-first-day' THEN date_trunc('year', first_day)::DATE
        WHEN 'last-day' THEN last_day
        ELSE stated
    END, last_day, today
);
