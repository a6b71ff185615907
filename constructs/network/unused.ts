import { Token } from "cdktf";

/**
 * A key of a rule object that is not used. cdktf drops undefined values, and ncloud 4.0.5 wants every key of such an object
 * ("attributes … are required"); its checks refuse an empty text.
 */
export const UNUSED = Token.asString(Token.nullValue());
