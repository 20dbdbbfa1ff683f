-- let every kind that earns points be one of which each action is looked at by itself
CREATE OR REPLACE TEMP TABLE single_kinds AS
SELECT k.scheme, k.effective, k.kind FROM scheme_kinds AS k WHERE k.points > 0
