import { Refused } from '@ums/kit/refused';

export interface UploadSlots {
  /**
   * @param sender the source or user that uploads
   * @returns what frees the slot; may be called again.
   * @throws Refused `too-many-uploads` when this sender has all of its slots, `busy` when all slots are taken
   */
  take(sender: string): () => void;
}

export interface UploadBounds {
  most: number;
  /** A sender that is slow must not keep others from sending. */
  mostPerSender: number;
}

/**
 * The uploads of the routes. Anonymous clients and users share none: whoever has many sources could else stop the uploads of
 * all users. Each upload of 5 MB lies in the temporary folder, which docker-compose.yml sizes for all of them.
 */
export const uploadPools = () => ({
  anonymous: uploadSlots({ most: 16, mostPerSender: 4 }),
  users: uploadSlots({ most: 32, mostPerSender: 2 }),
});

/** Bounds how many uploads are received and kept at once, in all and by sender. */
export const uploadSlots = ({ most, mostPerSender }: UploadBounds): UploadSlots => {
  const bySender = new Map<string, number>();
  let all = 0;
  return {
    take: (sender) => {
      const count = bySender.get(sender) ?? 0;
      if (count >= mostPerSender) throw new Refused('too-many-uploads', { retryAfterSeconds: 1 });
      if (all >= most) throw new Refused('busy');
      all += 1;
      bySender.set(sender, count + 1);
      let isTaken = true;
      return () => {
        if (!isTaken) return;
        isTaken = false;
        all -= 1;
        const left = (bySender.get(sender) ?? 1) - 1;
        if (left === 0) bySender.delete(sender);
        else bySender.set(sender, left);
      };
    },
  };
};
