/** What can happen to a user who has requested to change address `A` to `B`. `another` requests `C` instead. */
export const STEPS = [
  'another',
  'confirm',
  'confirm-another',
  'undo',
  'undo-another',
  'a-day',
  'eight-days',
  'erase',
  'suspend',
  'reinstate',
  'rival-registers-A',
  'rival-registers-B',
  'rival-changes-to-B',
] as const;

export type Step = (typeof STEPS)[number];
export type Place = 'A' | 'B' | 'C';

/** The slug of a refusal, or `ok`. */
export type Outcome = 'ok' | 'token-invalid' | 'account-suspended' | 'not-found' | 'skipped';

type Id = 'first' | 'another';

interface Change {
  id: Id;
  from: Place;
  to: Place;
  requestedAt: number;
}

/** The rules of address changes, written without the code under test: a user, the addresses, and who may have them. */
export interface EmailChangeModel {
  /** Days since the first request. */
  day: number;
  status: 'active' | 'suspended' | 'erased';
  address: Place;
  requests: Partial<Record<Id, Change>>;
  pending: Id | undefined;
  /** Requests that no undo has voided, oldest first. */
  undoable: Id[];
  /** Confirmed changes that lead to `address`, and the day of their confirmation. */
  inForce: { id: Id; from: Place; confirmedAt: number }[];
  undone: Id[];
  /** Addresses that a rival has. */
  rivals: Place[];
}

export const firstModel = (): EmailChangeModel => ({
  ...{
    day: 0,
    status: 'active',
    address: 'A',
    pending: 'first',
    undoable: ['first'],
    inForce: [],
    undone: [],
    rivals: [],
  },
  requests: { first: { id: 'first', from: 'A', to: 'B', requestedAt: 0 } },
});

const UNDO_DAYS = 7;

/** Previous addresses that only the user may have. */
export const heldPlaces = ({ status, address, inForce, day }: EmailChangeModel): Place[] => {
  if (status === 'erased') return [];
  const held = inForce.filter(({ from, confirmedAt }) => from !== address && confirmedAt + UNDO_DAYS > day);
  return [...new Set(held.map(({ from }) => from))].sort();
};

const isFree = (model: EmailChangeModel, place: Place): boolean =>
  !model.rivals.includes(place) &&
  (model.status === 'erased' || (model.address !== place && !heldPlaces(model).includes(place)));

/** Applies a step to the model. @returns the outcome that the service must have, too */
export const expectOutcome = (model: EmailChangeModel, step: Step): Outcome => {
  switch (step) {
    case 'another':
      return request(model);
    case 'confirm':
      return confirm(model, 'first');
    case 'confirm-another':
      return confirm(model, 'another');
    case 'undo':
      return undo(model, 'first');
    case 'undo-another':
      return undo(model, 'another');
    case 'a-day':
      model.day += 1;
      return 'ok';
    case 'eight-days':
      model.day += 8;
      return 'ok';
    case 'erase':
      Object.assign(model, { status: 'erased', pending: undefined, inForce: [] });
      return 'ok';
    case 'suspend':
    case 'reinstate':
      if (model.status === 'erased') return 'not-found';
      model.status = step === 'suspend' ? 'suspended' : 'active';
      return 'ok';
    default: {
      const place = step.at(-1) as Place;
      // Rivals share a password: with it, the link of a second registration proves the mailbox, and nothing changes.
      if (step === 'rival-registers-B' && model.rivals.includes(place)) return 'ok';
      if (!isFree(model, place)) return 'token-invalid';
      model.rivals.push(place);
      return 'ok';
    }
  }
};

const request = (model: EmailChangeModel): Outcome => {
  if (model.status === 'erased') return 'not-found';
  if (model.status === 'suspended') return 'account-suspended';
  model.requests.another = { id: 'another', from: model.address, to: 'C', requestedAt: model.day };
  model.pending = 'another';
  model.undoable.push('another');
  return 'ok';
};

const confirm = (model: EmailChangeModel, id: Id): Outcome => {
  const change = model.requests[id];
  if (change === undefined) return 'skipped';
  if (model.status === 'erased' || model.day >= change.requestedAt + 1) return 'token-invalid';
  if (model.inForce.some((one) => one.id === id)) return 'ok';
  if (model.pending !== id) return 'token-invalid';
  if (model.status === 'suspended') return 'account-suspended';
  if (model.rivals.includes(change.to)) return 'token-invalid';
  model.inForce.push({ id, from: model.address, confirmedAt: model.day });
  Object.assign(model, { address: change.to, pending: undefined });
  return 'ok';
};

const undo = (model: EmailChangeModel, id: Id): Outcome => {
  const change = model.requests[id];
  if (change === undefined) return 'skipped';
  if (model.status === 'erased' || model.day >= change.requestedAt + UNDO_DAYS) return 'token-invalid';
  // The link was mailed to an address that is not the user's any more.
  if (model.address !== change.from && !heldPlaces(model).includes(change.from)) return 'token-invalid';
  if (model.undone.includes(id)) return 'ok';
  const index = model.undoable.indexOf(id);
  if (index === -1) return 'token-invalid';
  const voided = model.undoable.splice(index);
  model.inForce = model.inForce.filter((one) => !voided.includes(one.id));
  Object.assign(model, { address: change.from, pending: undefined });
  model.undone.push(...voided.filter((one) => model.requests[one]?.from === change.from));
  return 'ok';
};
