export interface Camera {
  readonly id: number;
  readonly name: string;
  readonly rtspUrl: string;
}

export interface SessionWish {
  readonly slotId: number;
  /** One a student; their user ids are 1 and up. */
  readonly vectors: readonly number[][];
  readonly cameras: readonly Camera[];
  readonly callbackUrl: string;
}

interface Envelope<T> {
  readonly message: string;
  readonly code?: string;
  readonly data: T;
}

/** What the attendance backend asks of recognition-service. */
export class RecognitionApi {
  constructor(
    private readonly url: string,
    private readonly apiKey: string,
  ) {}

  async embed(photo: Buffer, submissionId: string): Promise<number[]> {
    const form = new FormData();
    form.set('photo', new Blob([new Uint8Array(photo)], { type: 'image/jpeg' }), 'photo.jpg');
    form.set('submissionId', submissionId);
    const { embeddingVector } = await this.post<{ embeddingVector: number[] }>(
      '/api/v1/embeddings/generate',
      form,
    );
    return embeddingVector;
  }

  async begin({ slotId, vectors, cameras, callbackUrl }: SessionWish): Promise<void> {
    await this.post('/api/v1/recognition/process-session', {
      slotId,
      roomId: 1,
      mode: 'INITIAL',
      callbackType: 'REGULAR',
      students: vectors.map((embeddingVector, at) => ({
        userId: at + 1,
        fullName: `Student ${at + 1}`,
        rollNumber: `SE${at + 1}`,
        embeddingVector,
        embeddingVersion: 1,
      })),
      cameras,
      config: { callbackUrl },
    });
  }

  stop(slotId: number): Promise<{ recognizedStudentIds: number[] }> {
    return this.post('/api/v1/recognition/stop-session', { slotId });
  }

  private async post<T>(path: string, body: object): Promise<T> {
    const isForm = body instanceof FormData;
    const response = await fetch(`${this.url}${path}`, {
      method: 'POST',
      headers: { 'x-api-key': this.apiKey, ...(isForm ? {} : { 'content-type': 'application/json' }) },
      body: isForm ? body : JSON.stringify(body),
    });
    const answer = (await response.json()) as Envelope<T>;
    if (!response.ok) throw new Error(`${path}: ${response.status} ${answer.code ?? ''} ${answer.message}`);
    return answer.data;
  }
}
