import type { ReactNode } from 'react';

/** One sign per domain of types, beside the word: colour is for states. */
export function TypeMark({ domain }: { readonly domain: string | undefined }) {
  return (
    <svg className="type-mark" width="14" height="14" viewBox="0 0 14 14" aria-hidden="true">
      <g fill="none" stroke="currentColor" strokeWidth="1.4" strokeLinejoin="round" strokeLinecap="round">
        {signs[domain ?? ''] ?? <rect x="2" y="2" width="10" height="10" rx="2" strokeDasharray="2 2" />}
      </g>
    </svg>
  );
}

const signs: Readonly<Record<string, ReactNode>> = {
  registry: <path d="M7 1 12.2 4v6L7 13 1.8 10V4Z" />,
  features: (
    <>
      <path d="M2 12V8M7 12V2M12 12V5" />
    </>
  ),
  data: (
    <>
      <ellipse cx="7" cy="3.2" rx="5" ry="2" />
      <path d="M2 3.2v7.6c0 1.1 2.2 2 5 2s5-.9 5-2V3.2M2 7c0 1.1 2.2 2 5 2s5-.9 5-2" />
    </>
  ),
  pipelines: <path d="M1 3h4l3 4-3 4H1l3-4ZM8 3h2l3 4-3 4H8" />,
  experimentation: <path d="M5 1v4L1.6 11.4c-.4.8.1 1.6 1 1.6h8.8c.9 0 1.4-.8 1-1.6L9 5V1M4 1h6M3.6 9h6.8" />,
  serving: <path d="M1.5 2.5h11v9h-11ZM1.5 5.5h11M3.5 4h.1M5.5 4h.1" />,
  identity: (
    <>
      <circle cx="7" cy="4" r="2.7" />
      <path d="M1.8 13c.4-3 2.5-4.5 5.2-4.5s4.8 1.5 5.2 4.5" />
    </>
  ),
};
