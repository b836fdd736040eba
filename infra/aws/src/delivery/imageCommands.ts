import { COPIED_IMAGES, copiedTag } from '../naming/images.js';
import { REGION } from '../naming/names.js';

/** File with the tag of the image, which the builds of the bundles read. */
export const TAG_FILE = 'tag.txt';

/** Copies an image of others into ECR, once: tags in ECR cannot be replaced. */
const copyImage = (repository: keyof typeof COPIED_IMAGES): string => {
  const [from, tag] = [COPIED_IMAGES[repository], copiedTag(repository)];
  const there = `aws ecr describe-images --region ${REGION} --repository-name ${repository} --image-ids imageTag=${tag}`;
  const to = `"$REGISTRY/${repository}:${tag}"`;
  return `${there} > /dev/null 2>&1 || (docker pull ${from} && docker tag ${from} ${to} && docker push ${to})`;
};

const SCANNED = `--region ${REGION} --repository-name ums/service --image-id imageTag="$TAG"`;

/** The scan of ECR runs after a push. A finding that is high or critical ends the build. */
const REFUSE_FINDINGS = [
  `aws ecr wait image-scan-complete ${SCANNED}`,
  `FOUND=$(aws ecr describe-image-scan-findings ${SCANNED} --query imageScanFindings.findingSeverityCounts --output json)`,
  'echo "$FOUND"',
  `test "$(echo "$FOUND" | jq '((.HIGH // 0) + (.CRITICAL // 0))')" = 0`,
];

/** What the build of the image does, from a clone of the repository. */
export const IMAGE_COMMANDS: readonly string[] = [
  'TAG=$(echo "$CODEBUILD_RESOLVED_SOURCE_VERSION" | cut -c1-12)-$CODEBUILD_BUILD_NUMBER',
  `REGISTRY=$ACCOUNT.dkr.ecr.${REGION}.amazonaws.com`,
  `aws ecr get-login-password --region ${REGION} | docker login --username AWS --password-stdin "$REGISTRY"`,
  copyImage('ums/proxy'),
  copyImage('ums/eventstore'),
  'docker build --tag "$REGISTRY/ums/service:$TAG" .',
  'docker push "$REGISTRY/ums/service:$TAG"',
  ...REFUSE_FINDINGS,
  `echo "$TAG" > ${TAG_FILE}`,
];
