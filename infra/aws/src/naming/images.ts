import { REGION } from './names.js';

/** Repositories of ECR. The pipeline pushes the service, and copies of the two images that this project does not build. */
export const REPOSITORIES = ['ums/service', 'ums/proxy', 'ums/eventstore'] as const;

export type RepositoryName = (typeof REPOSITORIES)[number];

/** The images to copy, in the versions of docker-compose.yml. */
export const COPIED_IMAGES = {
  'ums/proxy': 'nginxinc/nginx-unprivileged:1.30.4-alpine',
  'ums/eventstore': 'eventstore/eventstore:24.10.0-bookworm-slim',
} as const satisfies Partial<Record<RepositoryName, string>>;

/** Tag of a copied image. */
export const copiedTag = (repository: keyof typeof COPIED_IMAGES): string =>
  COPIED_IMAGES[repository].split(':')[1] as string;

/** Where instances pull an image from. */
export const imageUri = (account: string, repository: RepositoryName, tag: string): string =>
  `${account}.dkr.ecr.${REGION}.amazonaws.com/${repository}:${tag}`;
