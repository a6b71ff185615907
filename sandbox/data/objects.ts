/** An object as the company's systems put it at the source. */
export interface DataObject {
  readonly key: string;
  readonly body: Buffer;
}
