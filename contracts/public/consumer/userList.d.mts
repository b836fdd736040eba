export interface TextRecord {
  key: string;
  value: string | null;
  headers: Readonly<Record<string, string>>;
}

export interface ListedUser {
  userId: string;
  status: string;
  roles: string[];
  registeredAt?: string;
}

export function userList(): {
  take(topic: string, record: TextRecord): 'applied' | 'repeated' | 'gap' | 'unknown';
  users(): ListedUser[];
};
