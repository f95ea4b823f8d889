export { functionModule, variables } from './function-module';
export {
  againIf,
  F32,
  f32x4,
  I32,
  i32,
  i32x4,
  i8x16,
  ifElse,
  loop,
  RETURN,
  V128,
  v128,
  type Instruction,
} from './instructions';
export { instantiate, isSupported } from './instantiate';
