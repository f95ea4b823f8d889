import { ValidateBy } from 'class-validator';

/** Property decorator: a number that must not be below that of another field of the same object. */
export function IsNotBelow(other: string): PropertyDecorator {
  return ValidateBy({
    name: 'isNotBelow',
    validator: {
      validate: (value: unknown, args) => {
        const floor = (args?.object as Record<string, unknown> | undefined)?.[other];
        // What is no number is refused by its own decorator.
        return typeof value !== 'number' || typeof floor !== 'number' || value >= floor;
      },
      defaultMessage: () => `$property must not be below ${other}`,
    },
  });
}
