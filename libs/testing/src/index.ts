export { badRequests, type BadRequests } from './bad-input/bad-requests';
export { expectRefused, faultOf, type BadInputTarget } from './bad-input/expect-refused';
export { fingerprinter } from './bad-input/fingerprint';
export { operationsOf, schemasNamed, type OpenApiDocument } from './bad-input/operations';
export { send } from './bad-input/send';
export { collectGarbage } from './collect-garbage';
export { awakeBetween, watchHoldUps } from './hold-ups';
export {
  testDatabase,
  testFfmpeg,
  testNats,
  testPostgres,
  testServers,
  type Disposable,
  type OwnServer,
  type TestServers,
} from './infra';
export { runSource, type RunSource } from './run-source';
export { startSource, type SourceProcess } from './start-source';
export { INVARIANTS, TeleopData, type TestUser, type UserOptions } from './teleop-data';
export { waitFor } from './wait-for';
export { waitForQuiet } from './wait-for-quiet';
