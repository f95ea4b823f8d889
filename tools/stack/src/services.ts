/** The processes of the product. Only those whose compiled main file exists are started. */
export interface ServiceDefinition {
  name: string;
  /** Its port when the gateway has its usual one; with another gateway port it keeps its distance. */
  defaultPort: number;
  /** The variable by which the others find it. */
  urlVariable: string;
}

export const GATEWAY = 'api-gateway';
export const GATEWAY_PORT = 3000;

export const SERVICES: readonly ServiceDefinition[] = [
  { name: GATEWAY, defaultPort: GATEWAY_PORT, urlVariable: 'GATEWAY_PUBLIC_URL' },
  { name: 'queue-service', defaultPort: 3101, urlVariable: 'QUEUE_SERVICE_URL' },
  { name: 'vision-service', defaultPort: 3102, urlVariable: 'VISION_SERVICE_URL' },
  { name: 'recognition-service', defaultPort: 3103, urlVariable: 'RECOGNITION_SERVICE_URL' },
  { name: 'robot-gateway', defaultPort: 3104, urlVariable: 'ROBOT_GATEWAY_URL' },
  { name: 'pairing-service', defaultPort: 3105, urlVariable: 'PAIRING_SERVICE_URL' },
  { name: 'teach-service', defaultPort: 3106, urlVariable: 'TEACH_SERVICE_URL' },
];

export interface SimulatorDefinition {
  /** Its folder below tools/simulators. */
  folder: string;
  instances: { name: string; env: Record<string, string> }[];
  /** Addresses it is given, by the service that answers there. */
  urls: { variable: string; service: string; scheme: 'ws' | 'http' }[];
}

export const SIMULATORS: readonly SimulatorDefinition[] = [
  {
    folder: 'arm-robot',
    instances: ['arm1', 'arm2', 'arm3'].map((robotId) => ({
      name: `sim-${robotId}`,
      env: { ROBOT_ID: robotId, ROBOT_API_KEY: `demo-key-${robotId}` },
    })),
    urls: [{ variable: 'ROBOT_GATEWAY_URL', service: 'robot-gateway', scheme: 'ws' }],
  },
  {
    // Not the default robot, table1: that name is left for real firmware.
    folder: 'table-robot',
    instances: [
      { robotId: 'table2', capabilities: '', lesson: 'Kitchen,Living Room' },
      { robotId: 'table3', capabilities: 'none', lesson: '' },
    ].map(({ robotId, capabilities, lesson }) => ({
      name: `sim-${robotId}`,
      env: {
        ROBOT_ID: robotId,
        ROBOT_API_KEY: `demo-key-${robotId}`,
        ROBOT_CAPABILITIES: capabilities,
        // Somebody leads it along when it is taught.
        ROBOT_LESSON: lesson,
        ROBOT_HOST: '127.0.0.1',
        ROBOT_PORT: '0',
      },
    })),
    urls: [{ variable: 'ROBOT_GATEWAY_URL', service: 'robot-gateway', scheme: 'http' }],
  },
  {
    folder: 'kiosk',
    instances: [
      // Waits for whoever tries it out; its code is shown once, later ones stand in its log.
      { name: 'sim-kiosk1', env: { KIOSK_ID: 'kiosk1', KIOSK_QR: 'once' } },
      { name: 'sim-kiosk2', env: { KIOSK_ID: 'kiosk2', KIOSK_QR: 'never', KIOSK_SCREEN: 'file' } },
    ],
    urls: [{ variable: 'GATEWAY_URL', service: 'api-gateway', scheme: 'http' }],
  },
  {
    folder: 'phone',
    instances: [{ name: 'sim-phone', env: { PHONE_VISITS: 'kiosk2' } }],
    urls: [{ variable: 'GATEWAY_URL', service: 'api-gateway', scheme: 'http' }],
  },
];
