-- one row per position; appended
-- What an RM chose about being on the leaderboards: each leaving, and each coming back.
SELECT b.position, b.rm, b.topic = 'BoardsLeft' AS is_off FROM batch AS b WHERE b.topic IN ('BoardsLeft', 'BoardsJoined')
