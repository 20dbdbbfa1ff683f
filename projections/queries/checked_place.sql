-- the place of an RM among those checked, if they are
SELECT c.place FROM checked AS c WHERE c.rm = $rm
