export type { BadRequest, Expectation, WireRequest } from './bad-input/bad-request';
export { badRequests, type BadRequests } from './bad-input/bad-requests';
export type { BadInputOptions } from './bad-input/context';
export { expectRefused, faultOf, type BadInputTarget } from './bad-input/expect-refused';
export { fingerprinter, type Fingerprint } from './bad-input/fingerprint';
export { operationsOf, type OpenApiDocument, type Operation } from './bad-input/operations';
export { problemFaults } from './bad-input/problem-faults';
export { send, type WireAnswer } from './bad-input/send';
export {
  testDatabase,
  testNats,
  testPostgres,
  testServers,
  type Disposable,
  type OwnServer,
  type TestServers,
} from './infra';
export { runSource, type RunSource } from './run-source';
export { INVARIANTS, TeleopData, type TestUser, type UserOptions } from './teleop-data';
export { waitFor } from './wait-for';
