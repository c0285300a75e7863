import { useNow } from '../api/queries.ts';
import { agoText, momentText } from '../format/time.ts';

/** `3 d ago`, by Runway's now; the moment itself on hover and for machines. */
export function Ago({ at }: { readonly at: string }) {
  return (
    <time dateTime={at} title={momentText(at)}>
      {agoText(at, useNow())}
    </time>
  );
}

/** `3 May 2001, 14:00 UTC` */
export function Moment({ at }: { readonly at: string }) {
  return (
    <time dateTime={at} className="nowrap">
      {momentText(at)}
    </time>
  );
}
