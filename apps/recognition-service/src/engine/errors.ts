/** All worker threads work and the queue is full: drop the frame and come back with a newer one. */
export class EngineBusy extends Error {
  constructor(readonly waiting: number) {
    super(`${waiting} frames wait already`);
    this.name = 'EngineBusy';
  }
}

export class EngineClosed extends Error {
  constructor() {
    super('the engine is closed');
    this.name = 'EngineClosed';
  }
}

/** The thread that looked at the frame ended or hung; another takes its place. The frame is lost with it. */
export class WorkerDied extends Error {
  constructor(reason: string, options?: ErrorOptions) {
    super(`the worker thread ended: ${reason}`, options);
    this.name = 'WorkerDied';
  }
}

/** Width, height and length of the frame do not agree. */
export class BadFrame extends Error {
  constructor(reason: string) {
    super(`bad frame: ${reason}`);
    this.name = 'BadFrame';
  }
}

/** No backend could be started; the message says what each of them said. */
export class NoBackend extends Error {
  constructor(reasons: readonly string[]) {
    super(`no recognition backend starts: ${reasons.join('; ')}`);
    this.name = 'NoBackend';
  }
}
