/** Folder of the container with the certificates that Node's own list lacks: those of RDS and of the event log. */
export const CERTIFICATES = '/etc/ums/certificates';

/** The file in it, and in the folder `certificates` of a bundle. */
export const CERTIFICATE_FILE = 'ca.pem';
