// The one place that knows in which generated file a type of the backend stands. Everything else imports from here.
export type * from './generated/call';
export type * from './generated/app';
