/** Types of the public messages, made from their JSON Schemas. No import is needed. */

/** One of the known values, or one that a later release adds. */
export type Extensible<T extends string> = T | (string & Record<never, never>);

/** Attributes of CloudEvents 1.0 in the binary mode of its Kafka binding. Every value is UTF-8 text. The AsyncAPI document adds what differs by `ce_type`: the value of `ce_source`, and that `content-type` is required in a record with a value. `format` asserts only where the validator is told to check formats. */
export interface Headers {
  /** Version of CloudEvents. */
  ce_specversion: '1.0';
  /** Id of the event; the state after the event has the same one. A repeated record has the same `ce_source` and `ce_id`: deduplicate by both together. */
  ce_id: string;
  /** Name and version of the message. It selects the schema of the value. */
  ce_type: string;
  /** Scope in which `ce_id` is unique: `/user-management/events` for events, in the replay topic too, and `/user-management/states` for states. */
  ce_source: string;
  /** Id of the user; equal to the key. */
  ce_subject: string;
  /** When the event happened, in UTC. Absent if the time is not known. */
  ce_time?: string;
  /** Number of the event among those of the user, in decimal digits: 0, 1, 2, ... without gaps, at most 2^63 - 1. The API shows the same number as the `revision` of the user. */
  ce_revision: string;
  /** Place of the event among all events, in decimal digits. Rises, with gaps, to at most 2^63 - 1. */
  ce_position: string;
  /** Id of the request that caused the event, for support. Absent if there is none. */
  ce_correlationid?: string;
  /** Media type of the value. Present in every record with a value, absent in one without. */
  'content-type'?: 'application/json';
}

/** Attributes of CloudEvents 1.0 in the binary mode of its Kafka binding. A checkpoint is about the log and not about a user, so it has no revision and no position. */
export interface CheckpointHeaders {
  /** Version of CloudEvents. */
  ce_specversion: '1.0';
  /** SHA-256 of the value, in hex. A repeated record has the same. */
  ce_id: string;
  /** Name and version of the message. */
  ce_type: string;
  /** Scope in which `ce_id` is unique. */
  ce_source: string;
  /** Origin of the log; equal to the key and to the first line of the value. */
  ce_subject: string;
  /** When the checkpoint was signed, in UTC. */
  ce_time: string;
  /** Media type of the value. */
  'content-type'?: 'text/plain; charset=utf-8';
}

/** The value of a record by its `ce_type`. `null` is a record without value. */
export interface Values {
  /** Fields of the profile have new values. The values are personal and not published; read them from the API. */
  'users.changed.v1': {
    /** Id of the user, in lower case; equal to the key of the record. An id is never reused. */
    userId: string;
    /** Names of the fields that changed. Ignore names that you do not know. */
    fields: Extensible<'name' | 'email' | 'picture' | 'locale'>[];
  };
  /** The notary has signed how far the log reaches and what it holds. The value is text: a signed note with a checkpoint (C2SP tlog-checkpoint), that is the origin of the log, the number of its events, the root of their tree in base64, `ums-expirable` and how many of them may expire where that is counted, an empty line, and signatures. `proof/` says how to verify it. */
  'users.checkpoint.v1': string;
  /** The user and all personal data are gone for good. Delete what you hold of the user. One more event follows: `users.other.v1`. */
  'users.erased.v1': {
    /** Id of the user, in lower case; equal to the key of the record. An id is never reused. */
    userId: string;
  };
  /** An event without public content, such as a new password. It is published so that revisions have no gap; only advance the revision of the user. */
  'users.other.v1': {
    /** Id of the user, in lower case; equal to the key of the record. An id is never reused. */
    userId: string;
  };
  /** The user exists: the address is confirmed. The first event of a user, at revision 0. */
  'users.registered.v1': {
    /** Id of the user, in lower case; equal to the key of the record. An id is never reused. */
    userId: string;
    /** Roles at registration. Ignore roles that you do not know. */
    roles: Extensible<'user' | 'admin' | 'auditor' | 'service'>[];
  };
  /** The suspension has ended. */
  'users.reinstated.v1': {
    /** Id of the user, in lower case; equal to the key of the record. An id is never reused. */
    userId: string;
  };
  /** The user holds this role in addition. Granting a role that the user holds changes nothing. */
  'users.role-granted.v1': {
    /** Id of the user, in lower case; equal to the key of the record. An id is never reused. */
    userId: string;
    /** Ignore a role that you do not know. */
    role: Extensible<'user' | 'admin' | 'auditor' | 'service'>;
  };
  /** The user no longer holds this role. */
  'users.role-revoked.v1': {
    /** Id of the user, in lower case; equal to the key of the record. An id is never reused. */
    userId: string;
    /** Ignore a role that you do not know. */
    role: Extensible<'user' | 'admin' | 'auditor' | 'service'>;
  };
  /** A record without value (a tombstone): the user is erased. Delete what you hold of the user. */
  'users.state-erased.v1': null;
  /** The state of the user after the event that the headers name. Replaces every earlier state of the user. */
  'users.state.v1': {
    /** Id of the user, in lower case; equal to the key of the record. An id is never reused. */
    userId: string;
    /** Whether the user can log in. */
    status: 'active' | 'suspended';
    /** Roles that the user holds. Ignore roles that you do not know. */
    roles: Extensible<'user' | 'admin' | 'auditor' | 'service'>[];
    /** When the user registered, in UTC. Absent if the time is not known. */
    registeredAt?: string;
  };
  /** The user can no longer log in, and all sessions have ended. */
  'users.suspended.v1': {
    /** Id of the user, in lower case; equal to the key of the record. An id is never reused. */
    userId: string;
  };
}
