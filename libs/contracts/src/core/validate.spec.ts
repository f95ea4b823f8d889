import 'reflect-metadata';
import { Expose, plainToInstance, Transform, Type } from 'class-transformer';
import * as cv from 'class-validator';
import fc from 'fast-check';
import { validate } from './validate';

class Step {
  @cv.IsString()
  @cv.Length(1, 8)
  name!: string;

  @cv.IsOptional()
  @cv.IsObject()
  payload?: Record<string, unknown>;
}

class Base {
  @cv.IsUUID('loose')
  id!: string;
}

class Everything extends Base {
  @cv.Matches(/^[a-z]{1,4}$/)
  tag!: string;

  @cv.IsInt()
  @cv.Min(0)
  @cv.Max(5)
  count!: number;

  @cv.IsOptional()
  @cv.IsNumber()
  ratio?: number;

  @cv.IsOptional()
  @cv.IsBoolean()
  inactive?: boolean;

  @cv.IsIn(['a', 'b'])
  choice!: string;

  @cv.IsOptional()
  @cv.IsISO8601()
  at?: string;

  @cv.IsArray()
  @cv.ArrayMinSize(1)
  @cv.ArrayMaxSize(3)
  @cv.IsString({ each: true })
  @cv.MinLength(1, { each: true })
  names!: string[];

  @cv.IsOptional()
  @cv.IsArray()
  @cv.ValidateNested({ each: true })
  @Type(() => Step)
  steps?: Step[];

  @cv.IsOptional()
  @cv.ValidateNested()
  @Type(() => Step)
  first?: Step;
}

const good = () => ({
  id: '00000000-0000-0000-0000-000000000001',
  tag: 'abc',
  count: 3,
  choice: 'a',
  names: ['x'],
  steps: [{ name: 'go', payload: { a: [1, { b: 'c' }] } }],
});

const refusal = (cls: new () => object, value: unknown) => {
  const result = validate(cls, value);
  if (result.ok) throw new Error('expected a refusal');
  return result.errors;
};

/** Values that are often nearly right, so that both answers are common. */
const anyValue = fc.oneof(
  fc.constantFrom(
    null,
    undefined,
    '',
    'a',
    'b',
    'abc',
    'toolongforit',
    0,
    3,
    5,
    6,
    -1,
    1.5,
    NaN,
    true,
    false,
  ),
  fc.constantFrom(
    '00000000-0000-0000-0000-000000000001',
    '2026-01-01T00:00:00Z',
    '2026-13-01',
    [],
    {},
    [''],
    ['a', 1],
  ),
  fc.constantFrom({ name: 'go' }, { name: '' }, { name: 'go', payload: [] }, [{ name: 'go' }], [{ name: 4 }]),
  fc.jsonValue({ maxDepth: 3 }),
);

const nearlyGood = fc
  .dictionary(
    fc.constantFrom(
      'id',
      'tag',
      'count',
      'ratio',
      'inactive',
      'choice',
      'at',
      'names',
      'steps',
      'first',
      'other',
    ),
    anyValue,
    { maxKeys: 3 },
  )
  .map((changes) => ({ ...good(), ...changes }));

describe('validate', () => {
  it('names a nested field in place of which there are arrays without end', () => {
    const deep = JSON.parse('['.repeat(10_000) + ']'.repeat(10_000)) as unknown;
    expect(refusal(Everything, { ...good(), first: deep })).toEqual([
      { path: 'first', message: 'must be an object' },
    ]);
    expect(refusal(Everything, { ...good(), steps: deep })).toEqual([
      { path: 'steps.0', message: 'must be an object' },
    ]);
  });

  it('copies the declared fields of a good value and drops the rest', () => {
    const result = validate(Everything, { ...good(), extra: 1, steps: [{ name: 'go', extra: 2 }] });
    expect(result).toEqual({ ok: true, value: { ...good(), steps: [{ name: 'go' }] } });
    if (!result.ok) return;
    expect(result.value).toBeInstanceOf(Everything);
    expect(result.value.steps?.[0]).toBeInstanceOf(Step);
    expect(result.value).not.toHaveProperty('extra');
  });

  it('accepts exactly what class-validator accepts', () => {
    const seen = { true: 0, false: 0 };
    fc.assert(
      fc.property(nearlyGood, (value) => {
        const truth = cv.validateSync(plainToInstance(Everything, value), { whitelist: true });
        const structural = [value.steps as unknown].flat().some((s) => s === null || Array.isArray(s));
        const steps: unknown = value.steps;
        fc.pre(
          !structural &&
            !Array.isArray((value as { first?: unknown }).first) &&
            (steps === null || steps === undefined || Array.isArray(steps)),
        );
        const verdict = validate(Everything, value);
        seen[`${truth.length === 0}`]++;
        expect(verdict.ok).toBe(truth.length === 0);
      }),
      { numRuns: 3000 },
    );
    expect(seen.true).toBeGreaterThan(100);
    expect(seen.false).toBeGreaterThan(100);
  });

  it('names every refused field by its dotted path with the message of class-validator', () => {
    expect(refusal(Everything, { ...good(), count: '3', steps: [{ name: 'go' }, { name: '' }] })).toEqual([
      { path: 'count', message: 'count must not be greater than 5' },
      { path: 'count', message: 'count must not be less than 0' },
      { path: 'count', message: 'count must be an integer number' },
      { path: 'steps.1.name', message: 'name must be longer than or equal to 1 characters' },
    ]);
  });

  it.each([null, undefined, [], 'text', 7, true])('refuses %p as a whole', (value) => {
    expect(refusal(Everything, value)).toEqual([{ path: '', message: 'must be a JSON object' }]);
  });

  it('refuses anything but objects where objects are declared, also what class-validator lets through', () => {
    expect(refusal(Everything, { ...good(), steps: [null] })[0]?.path).toBe('steps.0');
    expect(refusal(Everything, { ...good(), steps: [[]] })[0]?.path).toBe('steps.0');
    expect(refusal(Everything, { ...good(), first: [{ name: 'go' }] })[0]?.path).toMatch(/^first/);
  });

  it.each(['a\0b', '\ud800', 'x\udc00y'])('refuses text that PostgreSQL cannot store: %j', (text) => {
    expect(refusal(Everything, { ...good(), names: [text] })[0]?.path).toBe('names.0');
    expect(refusal(Step, { name: text })).toEqual([
      { path: 'name', message: 'must not contain NUL or unpaired surrogate characters' },
    ]);
    expect(refusal(Step, { name: 'a', payload: { deep: [{ x: text }] } })[0]?.path).toBe('payload.deep.0.x');
    expect(refusal(Step, { name: 'a', payload: { [text]: 1 } })[0]?.path).toBe('payload');
  });

  it('lets proper surrogate pairs through', () => {
    expect(validate(Step, { name: '🤖' }).ok).toBe(true);
  });

  it('refuses a free-form field that is nested beyond measure, without overflowing the stack', () => {
    const deep = JSON.parse(`${'{"a":'.repeat(40_000)}1${'}'.repeat(40_000)}`);
    expect(refusal(Step, { name: 'a', payload: deep })[0]).toEqual({
      path: 'payload',
      message: 'must not be nested deeper than 32 levels',
    });
    expect(refusal(Everything, { ...good(), names: deep })[0]?.path).toBe('names');
  });

  it('refuses a __proto__ key inside a free-form field and never sets a prototype', () => {
    const hostile = JSON.parse('{"name":"a","__proto__":{"polluted":true},"payload":{"__proto__":{"x":1}}}');
    expect(refusal(Step, hostile)[0]?.path).toBe('payload');
    const { payload: _, ...rest } = hostile;
    expect((validate(Step, rest) as { value: object }).value).not.toHaveProperty('polluted');
  });

  it('keeps the initial value of a field that is not sent', () => {
    class WithDefault {
      @cv.IsInt()
      port: number = 80;
    }
    expect(validate(WithDefault, {})).toEqual({ ok: true, value: { port: 80 } });
    expect(validate(WithDefault, { port: null }).ok).toBe(false);
  });

  it('leaves classes with decorators it has no compiled form for to class-validator', () => {
    class Rare {
      @cv.IsHexColor()
      colour!: string;

      @cv.ValidateIf((o: Rare) => o.colour === '#000000')
      @cv.IsString()
      why?: string;
    }
    expect(validate(Rare, { colour: '#ffffff' }).ok).toBe(true);
    expect(refusal(Rare, { colour: '#000000' })[0]?.path).toBe('why');
  });

  it('honours class-transformer decorators', () => {
    class Renamed {
      @Expose({ name: 'user_id' })
      @Transform(({ value }) => (typeof value === 'string' ? value.trim() : value))
      @cv.IsString()
      userId!: string;
    }
    expect(validate(Renamed, { user_id: ' x ' })).toEqual({ ok: true, value: { userId: 'x' } });
  });

  it('converts query strings by declared type only when asked to, and refuses repeated scalars', () => {
    class Page {
      @cv.IsInt()
      @cv.Max(50)
      limit!: number;

      @cv.IsOptional()
      @cv.IsBoolean()
      all?: boolean;

      @cv.IsOptional()
      @cv.IsArray()
      @cv.IsInt({ each: true })
      ids?: number[];
    }
    expect(validate(Page, { limit: '7', all: 'true', ids: '4' }, { convert: true })).toEqual({
      ok: true,
      value: { limit: 7, all: true, ids: [4] },
    });
    expect(validate(Page, { limit: '7' }).ok).toBe(false);
    for (const limit of ['', 'x', '1e9', '0x10', ' 7', ['7', '8']]) {
      expect(validate(Page, { limit }, { convert: true }).ok).toBe(false);
    }
  });

  it('throws for a class without validation or with an asynchronous validator: both would let everything in', () => {
    class Bare {}
    class Later {
      @cv.Validate(
        class {
          validate() {
            return Promise.resolve(false);
          }
        },
      )
      x!: string;
    }
    cv.ValidatorConstraint({ async: true })(
      cv.getMetadataStorage().getTargetValidationMetadatas(Later, '', false, false)[0]
        ?.constraintCls as never,
    );
    expect(() => validate(Bare, {})).toThrow('Bare declares no validation');
    expect(() => validate(Later, {})).toThrow('asynchronous');
  });
});
