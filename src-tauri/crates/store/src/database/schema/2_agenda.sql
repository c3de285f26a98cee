-- Format 2: the agenda (bookings) and the contact book.

CREATE TABLE contacts (
    number     INTEGER PRIMARY KEY,
    id         TEXT    NOT NULL UNIQUE,
    -- Id of the company whose contact this is.
    company    TEXT    NOT NULL,
    -- International form with a plus sign, or the digits as given where the country is not known.
    phone      TEXT    NOT NULL,
    name       TEXT    NOT NULL,
    email      TEXT    NOT NULL DEFAULT '',
    notes      TEXT    NOT NULL DEFAULT '',
    -- Milliseconds since 1970, UTC, here and below.
    created_at INTEGER NOT NULL,
    changed_at INTEGER NOT NULL,
    UNIQUE (company, phone)
) STRICT;

CREATE INDEX contacts_by_name ON contacts (company, name COLLATE NOCASE, number);

CREATE TABLE bookings (
    number          INTEGER PRIMARY KEY,
    -- Also the UID of its calendar entry.
    id              TEXT    NOT NULL UNIQUE,
    company         TEXT    NOT NULL,
    -- Digits that are told to the customer.
    confirmation    TEXT    NOT NULL,
    service         TEXT    NOT NULL,
    -- The name at the time of booking: the company file may change.
    service_name    TEXT    NOT NULL,
    resource        TEXT    NOT NULL,
    starts_at       INTEGER NOT NULL,
    ends_at         INTEGER NOT NULL,
    -- Until when the resource is occupied, at least to the end.
    occupied_until  INTEGER NOT NULL,
    contact         INTEGER NOT NULL REFERENCES contacts (number),
    -- Whom this appointment is for; the contact may carry another name.
    customer_name   TEXT    NOT NULL,
    notes           TEXT    NOT NULL DEFAULT '',
    cancelled       INTEGER NOT NULL DEFAULT 0 CHECK (cancelled IN (0, 1)),
    -- Counts changes, as calendar programs ask for.
    revision        INTEGER NOT NULL DEFAULT 0,
    -- Makes a repeated request find the booking that it made; NULL for a booking by hand.
    request_key     TEXT,
    -- The call that made it. No reference: a call may be deleted and its booking stays.
    call            TEXT,
    created_at      INTEGER NOT NULL,
    changed_at      INTEGER NOT NULL,
    CHECK (starts_at < ends_at AND ends_at <= occupied_until),
    UNIQUE (company, confirmation)
) STRICT;

CREATE UNIQUE INDEX bookings_once ON bookings (company, request_key) WHERE cancelled = 0;
CREATE INDEX bookings_by_time ON bookings (company, starts_at);
CREATE INDEX bookings_by_contact ON bookings (contact, starts_at);
