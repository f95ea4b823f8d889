export { sessionMessage, type Session } from './envelope';
export { EvmKey } from './evm-key';
export { Kiosk, type KioskOptions, type Phase } from './kiosk';
export { PairingApi, PairingRefused, type PairingToken } from './pairing-api';
export { pythonCanonical } from './python-json';
export { snapshotBase64 } from './snapshot';
