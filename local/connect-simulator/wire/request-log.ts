/** The newest requests that are kept for `GET /_sim/requests`. */
const requestsKept = 100_000;

/** One API request. `at`: ISO 8601 on the real clock; `status` 0: no reply was sent. */
export type RequestView = {
  operation: string;
  at: string;
  status: number;
  error?: string;
  fault?: string;
  clientToken: string | null;
  /** The same for all tries that an SDK makes by itself. */
  sdkInvocationId: string | null;
};

export type RequestLog = {
  add(request: RequestView): void;
  all(): RequestView[];
  clear(): void;
};

export function requestLog(kept: number = requestsKept): RequestLog {
  let requests: RequestView[] = [];
  return {
    add(request) {
      requests.push(request);
      // Cut in large pieces: cutting one each time would copy the whole list each time.
      if (requests.length > kept * 1.1) requests = requests.slice(-kept);
    },
    all: () => requests.slice(-kept),
    clear() {
      requests = [];
    },
  };
}
