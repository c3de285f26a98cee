-- Format 1: calls, their events, and what was said in them for the full-text search.

CREATE TABLE calls (
    number          INTEGER PRIMARY KEY,
    id              TEXT    NOT NULL UNIQUE,
    -- The process that runs the call; its lock file tells whether it is alive.
    instance        TEXT    NOT NULL,
    -- Milliseconds since 1970, UTC.
    started_at      INTEGER NOT NULL,
    -- Milliseconds from the start to the last event.
    duration_ms     INTEGER NOT NULL DEFAULT 0,
    leg             TEXT    NOT NULL,
    company         TEXT    NOT NULL,
    backend         TEXT    NOT NULL,
    model           TEXT    NOT NULL,
    -- First words of either side, shortened; the caller's are the better preview.
    caller_words    TEXT    NOT NULL DEFAULT '',
    reply_words     TEXT    NOT NULL DEFAULT '',
    -- JSON of CallerDetails.
    details         TEXT    NOT NULL DEFAULT '{}',
    -- NULL while the call runs.
    end_reason      TEXT,
    event_count     INTEGER NOT NULL DEFAULT 0,
    caller_turns    INTEGER NOT NULL DEFAULT 0,
    replies         INTEGER NOT NULL DEFAULT 0,
    tool_calls      INTEGER NOT NULL DEFAULT 0,
    warnings        INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE INDEX calls_newest_first ON calls (started_at DESC, number DESC);
CREATE INDEX calls_open ON calls (instance) WHERE end_reason IS NULL;

CREATE TABLE events (
    call INTEGER NOT NULL REFERENCES calls (number) ON DELETE CASCADE,
    seq  INTEGER NOT NULL,
    -- The whole CallEvent as JSON, as every other reader of the stream gets it.
    body TEXT    NOT NULL,
    PRIMARY KEY (call, seq)
) STRICT, WITHOUT ROWID;

-- One row per turn (key 'item:ID') and one for the caller's details (key 'details'); the newest text wins.
CREATE TABLE passages (
    number INTEGER PRIMARY KEY,
    call   INTEGER NOT NULL REFERENCES calls (number) ON DELETE CASCADE,
    key    TEXT    NOT NULL,
    text   TEXT    NOT NULL,
    UNIQUE (call, key)
) STRICT;

CREATE VIRTUAL TABLE passage_index USING fts5 (
    text,
    content = 'passages',
    content_rowid = 'number',
    tokenize = "unicode61 remove_diacritics 2",
    prefix = '2 3'
);
-- Words of a deleted call leave the index file too, not only its answers.
INSERT INTO passage_index (passage_index, rank) VALUES ('secure-delete', 1);

CREATE TRIGGER passages_added AFTER INSERT ON passages BEGIN
    INSERT INTO passage_index (rowid, text) VALUES (new.number, new.text);
END;
CREATE TRIGGER passages_removed AFTER DELETE ON passages BEGIN
    INSERT INTO passage_index (passage_index, rowid, text) VALUES ('delete', old.number, old.text);
END;
CREATE TRIGGER passages_replaced AFTER UPDATE OF text ON passages BEGIN
    INSERT INTO passage_index (passage_index, rowid, text) VALUES ('delete', old.number, old.text);
    INSERT INTO passage_index (rowid, text) VALUES (new.number, new.text);
END;
