// Request builders in the shape that Kiota generates for Microsoft's newer Graph SDKs, for the
// routes of this server: the SDKs' own packages leave device management out.
import {
  apiClientProxifier, AllowedHostsValidator, BaseBearerTokenAuthenticationProvider, ParseNodeFactoryRegistry,
  SerializationWriterFactoryRegistry,
} from '@microsoft/kiota-abstractions';
import { FetchRequestAdapter } from '@microsoft/kiota-http-fetchlibrary';
import { JsonParseNodeFactory, JsonSerializationWriterFactory } from '@microsoft/kiota-serialization-json';

const json = 'application/json';

const readMimeContent = (content = {}) => ({
  type: (node) => { content.type = node.getStringValue(); },
  value: (node) => { content.value = node.getStringValue(); },
});

const readProfile = (profile = {}) => ({
  accountId: (node) => { profile.accountId = node.getStringValue(); },
  id: (node) => { profile.id = node.getStringValue(); },
  displayName: (node) => { profile.displayName = node.getStringValue(); },
  description: (node) => { profile.description = node.getStringValue(); },
  createdDateTime: (node) => { profile.createdDateTime = node.getDateValue(); },
  enrolledDeviceCount: (node) => { profile.enrolledDeviceCount = node.getNumberValue(); },
  tokenValue: (node) => { profile.tokenValue = node.getStringValue(); },
  tokenExpirationDateTime: (node) => { profile.tokenExpirationDateTime = node.getDateValue(); },
  qrCodeImage: (node) => { profile.qrCodeImage = node.getObjectValue(() => readMimeContent); },
});

const readPage = (page = {}) => ({
  '@odata.count': (node) => { page.odataCount = node.getNumberValue(); },
  '@odata.nextLink': (node) => { page.odataNextLink = node.getStringValue(); },
  value: (node) => { page.value = node.getCollectionOfObjectValues(() => readProfile); },
});

const readMainError = (main = {}) => ({
  code: (node) => { main.code = node.getStringValue(); },
  message: (node) => { main.message = node.getStringValue(); },
  target: (node) => { main.target = node.getStringValue(); },
});

const readError = (error = {}) => ({
  error: (node) => { error.error = node.getObjectValue(() => readMainError); },
});

const writeProfile = (writer, profile) => {
  writer.writeStringValue('displayName', profile.displayName);
  writer.writeStringValue('description', profile.description);
};

const writeCreateToken = (writer, body) => {
  writer.writeNumberValue('tokenValidityInSeconds', body.tokenValidityInSeconds);
};

const errorMappings = { XXX: () => readError };
const queryParametersMapper = Object.fromEntries(
  ['count', 'filter', 'orderby', 'search', 'select', 'skip', 'top'].map((name) => [name, `%24${name}`]));
const setTemplate = '{+baseurl}/deviceManagement/androidForWorkEnrollmentProfiles';
const oneTemplate = `${setTemplate}/{androidForWorkEnrollmentProfile%2Did}`;
const profileBody = {
  responseBodyContentType: json, errorMappings, adapterMethodName: 'send', responseBodyFactory: () => readProfile,
};
const sent = (serializer) => ({ requestBodyContentType: json, requestBodySerializer: serializer, requestInformationContentSetMethod: 'setContentFromParsable' });
const nothing = { responseBodyContentType: json, errorMappings, adapterMethodName: 'sendNoResponseContent' };

const action = (name, extra) => ({
  requestsMetadata: { post: { uriTemplate: `${oneTemplate}/${name}`, ...nothing, ...extra } },
});

const navigation = {
  deviceManagement: { navigationMetadata: { androidForWorkEnrollmentProfiles: {
    requestsMetadata: {
      get: {
        ...profileBody, responseBodyFactory: () => readPage, queryParametersMapper,
        uriTemplate: `${setTemplate}{?%24count,%24filter,%24orderby,%24search,%24select,%24skip,%24top}`,
      },
      post: { ...profileBody, ...sent(writeProfile), uriTemplate: setTemplate },
    },
    navigationMetadata: { byAndroidForWorkEnrollmentProfileId: {
      pathParametersMappings: ['androidForWorkEnrollmentProfile%2Did'],
      requestsMetadata: {
        get: { ...profileBody, queryParametersMapper, uriTemplate: `${oneTemplate}{?%24select}` },
        patch: { ...profileBody, ...sent(writeProfile), uriTemplate: oneTemplate },
        delete: { ...nothing, uriTemplate: oneTemplate },
      },
      navigationMetadata: {
        createToken: action('createToken', sent(writeCreateToken)),
        revokeToken: action('revokeToken'),
      },
    } },
  } } },
};

export function openClient(baseUrl, token) {
  const authentication = new BaseBearerTokenAuthenticationProvider({
    getAuthorizationToken: async () => token,
    getAllowedHostsValidator: () => new AllowedHostsValidator(),
  });
  const parsers = new ParseNodeFactoryRegistry();
  const writers = new SerializationWriterFactoryRegistry();
  parsers.contentTypeAssociatedFactories.set(json, new JsonParseNodeFactory());
  writers.contentTypeAssociatedFactories.set(json, new JsonSerializationWriterFactory());
  const adapter = new FetchRequestAdapter(authentication, parsers, writers);
  adapter.baseUrl = baseUrl;
  return apiClientProxifier(adapter, { baseurl: baseUrl }, navigation, undefined);
}
