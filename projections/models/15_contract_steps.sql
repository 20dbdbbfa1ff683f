-- one row per position; appended
-- What happened to a contract beside what is agreed in the end (`targets`): drafted, proposed, signed.
SELECT
    b.position,
    b.topic,
    b.rm,
    coalesce(b.year, CAST(left(b.quarter, 4) AS INTEGER)) AS year,
    b.quarter,
    b.indicator,
    CAST(b.target * 1000 AS BIGINT) AS target,
    CAST(b.base * 1000 AS BIGINT) AS base,
    b.scheme,
    b.effective,
    b.party,
    b.by
FROM batch AS b
WHERE b.topic IN ('ContractDrafted', 'TargetProposed', 'ContractSigned')
