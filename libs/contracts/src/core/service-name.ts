/** Every deployable and its default port. */
export const SERVICES = {
  'api-gateway': 3000,
  'queue-service': 3101,
  'vision-service': 3102,
  'recognition-service': 3103,
  'robot-gateway': 3104,
  'pairing-service': 3105,
  'teach-service': 3106,
} as const;

export type ServiceName = keyof typeof SERVICES;
