-- when a quarter's reviews were opened
SELECT q.recorded_at, q.by, q.facts_at, q.cutoff_on FROM quarters_opened AS q WHERE q.quarter = $quarter ORDER BY q.position ASC
