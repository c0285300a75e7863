import { createContext, type ReactNode, use } from 'react';
import type { Person } from './session.ts';

const PersonContext = createContext<Person | undefined>(undefined);

/** Tells the pages below it who is signed in. */
export function PersonProvider({
  person,
  children,
}: {
  readonly person: Person | undefined;
  readonly children: ReactNode;
}) {
  return <PersonContext value={person}>{children}</PersonContext>;
}

/** The groups of whoever is signed in; none when nobody is. */
export function useGroups(): readonly string[] {
  return use(PersonContext)?.groups ?? [];
}
