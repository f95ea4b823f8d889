import { randomUUID } from 'node:crypto';
import type { Knobs } from './knobs';
import type { Question } from './question';

/** Tokens as a real model would bill them: pictures by size, words by length. */
const TOKENS_PER_PICTURE = 765;
const BYTES_PER_TOKEN = 4;
const PROMPT_TOKENS = 320;

export type Manner = 'plain' | 'prose' | 'refusal' | 'truncated';

export function mannerOf(knobs: Knobs, random: () => number): Manner {
  if (random() < knobs.refusalRate) return 'refusal';
  if (random() < knobs.truncationRate) return 'truncated';
  return random() < knobs.proseRate ? 'prose' : 'plain';
}

function textOf(answer: object, manner: Manner): string {
  const json = JSON.stringify(answer);
  if (manner === 'prose')
    return `Looking closely at the dolls, I count:\n\`\`\`json\n${json}\n\`\`\`\nLet me know!`;
  return manner === 'truncated' ? json.slice(0, Math.ceil(json.length / 2)) : json;
}

/** A response object of the Responses API. */
export function responseOf(question: Question, answer: object, manner: Manner): object {
  const text = textOf(answer, manner);
  const content =
    manner === 'refusal'
      ? { type: 'refusal', refusal: 'I cannot help with that.' }
      : { type: 'output_text', text, annotations: [] };
  const input = PROMPT_TOKENS + TOKENS_PER_PICTURE * question.pictures.length;
  const output = Math.ceil(text.length / BYTES_PER_TOKEN);
  return {
    id: `resp_${randomUUID().replaceAll('-', '')}`,
    object: 'response',
    created_at: Math.floor(Date.now() / 1_000),
    status: manner === 'truncated' ? 'incomplete' : 'completed',
    incomplete_details: manner === 'truncated' ? { reason: 'max_output_tokens' } : null,
    error: null,
    model: question.model,
    output: [
      {
        id: `msg_${randomUUID().replaceAll('-', '')}`,
        type: 'message',
        role: 'assistant',
        status: manner === 'truncated' ? 'incomplete' : 'completed',
        content: [content],
      },
    ],
    usage: {
      input_tokens: input,
      input_tokens_details: { cached_tokens: 0 },
      output_tokens: output,
      output_tokens_details: { reasoning_tokens: 0 },
      total_tokens: input + output,
    },
  };
}
