import { Injectable } from '@nestjs/common';
import { learn, type TurnFact, type TurnState } from './turn-state';

export type TurnListener = (robotId: string, state: TurnState) => void;

/** The newest turn of every robot as this process knows it. Whoever hears a fact tells it here; listeners act at once. */
@Injectable()
export class TurnBook {
  readonly #turns = new Map<string, TurnState>();
  readonly #listeners: TurnListener[] = [];

  of(robotId: string): TurnState | undefined {
    return this.#turns.get(robotId);
  }

  learn(robotId: string, fact: TurnFact): void {
    const known = this.#turns.get(robotId);
    const state = learn(known, fact);
    if (state === known) return;
    this.#turns.set(robotId, state);
    for (const listener of this.#listeners) listener(robotId, state);
  }

  onChange(listener: TurnListener): void {
    this.#listeners.push(listener);
  }

  /** Turns that are believed to be running. */
  running(): { robotId: string; state: TurnState }[] {
    return [...this.#turns]
      .filter(([, state]) => state.phase === 'running')
      .map(([robotId, state]) => ({ robotId, state }));
  }
}
