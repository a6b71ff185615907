-- Of Ambari's tables the one that a role asks for: the stand-in keeps what it knows in a file.
CREATE TABLE metainfo (
  metainfo_key VARCHAR(255) PRIMARY KEY,
  metainfo_value TEXT
);
INSERT INTO metainfo VALUES ('version', 'stand-in');
