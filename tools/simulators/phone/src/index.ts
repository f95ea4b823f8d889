export { canonical } from './dart-json';
export { Phone, type PhoneOptions } from './phone';
