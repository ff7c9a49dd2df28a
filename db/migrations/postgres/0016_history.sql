-- What was changed or deleted since a moment, by kind of object, for reading the past; and all records of one request, for undoing it as a whole.
CREATE INDEX journal_changed ON journal (object_type, sequence) WHERE kind <> 'created';
CREATE INDEX journal_request ON journal (request_id, sequence) WHERE request_id <> '';
