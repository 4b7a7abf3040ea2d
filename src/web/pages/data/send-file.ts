import type { ImportReportBody, ProblemBody } from '../../../api/contract.ts';
import { Refusal } from '../../ask.ts';

/** What is sent up, and how to read it. */
export interface FileToSend {
  readonly file: File;
  readonly source: string;
  readonly isDry: boolean;
  /** Told how much has gone up, from 0 to 1; after that the server reads. */
  readonly onSent: (share: number) => void;
}

/** Sends a file up and tells how far it is; throws a `Refusal`. */
export function sendFile({ file, source, isDry, onSent }: FileToSend): Promise<ImportReportBody> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const body = new FormData();
    body.append('source', source);
    if (isDry) body.append('dryRun', 'true');
    body.append('file', file, file.name);
    request.open('POST', '/api/v1/imports');
    request.responseType = 'json';
    request.upload.onprogress = ({ loaded, total }) => onSent(total === 0 ? 1 : loaded / total);
    request.onload = () => {
      if (request.status < 300) resolve(request.response as ImportReportBody);
      else reject(new Refusal(request.status, request.response as ProblemBody | null));
    };
    request.onerror = () => reject(new Refusal(0, null, 'The file did not get through; nothing of it was kept.'));
    request.send(body);
  });
}
