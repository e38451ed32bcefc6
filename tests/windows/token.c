/*
 * A PKCS#11 module for Windows with one token, which is there as long as the file that XIEKA_TEST_TOKEN names: its
 * content is the token's one certificate (DER). PIN 123456. It writes to its standard output, as vendors' modules do.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>
#define CRYPTOKI_EXPORTS
#include <p11-kit/pkcs11.h>

#define EXPORT __declspec(dllexport)
#define NOT_HERE CKR_FUNCTION_NOT_SUPPORTED

static unsigned char certificate[16384];
static CK_ULONG length;
static int found, logged_in;

static void text(unsigned char *field, size_t size, const char *value) {
  memset(field, ' ', size);
  memcpy(field, value, strlen(value));
}

static int present(void) {
  const wchar_t *path = _wgetenv(L"XIEKA_TEST_TOKEN");
  FILE *file = path ? _wfopen(path, L"rb") : NULL;
  if (!file) return 0;
  length = (CK_ULONG)fread(certificate, 1, sizeof certificate, file);
  fclose(file);
  return 1;
}

static CK_RV initialize(void *unused) { puts("vendor: hello"); fflush(stdout); return CKR_OK; }
static CK_RV finalize(void *unused) { return CKR_OK; }
static CK_RV info(CK_INFO *out) {
  memset(out, 0, sizeof *out);
  out->cryptokiVersion.major = 2;
  out->cryptokiVersion.minor = 40;
  text(out->manufacturerID, 32, "Vendor");
  text(out->libraryDescription, 32, "Test");
  return CKR_OK;
}
static CK_RV slot_list(CK_BBOOL with_token, CK_SLOT_ID *slots, CK_ULONG *count) {
  CK_ULONG there = !with_token || present();
  if (slots && *count < there) return CKR_BUFFER_TOO_SMALL;
  if (slots && there) slots[0] = 7;
  *count = there;
  return CKR_OK;
}
static CK_RV slot_info(CK_SLOT_ID slot, CK_SLOT_INFO *out) {
  memset(out, 0, sizeof *out);
  text(out->slotDescription, 64, "Slot");
  text(out->manufacturerID, 32, "Vendor");
  out->flags = CKF_REMOVABLE_DEVICE | CKF_HW_SLOT | (present() ? CKF_TOKEN_PRESENT : 0);
  return CKR_OK;
}
static CK_RV token_info(CK_SLOT_ID slot, CK_TOKEN_INFO *out) {
  if (!present()) return CKR_TOKEN_NOT_PRESENT;
  memset(out, 0, sizeof *out);
  text(out->label, 32, "\xe7\xad\xbe\xe5\x90\x8d\xe4\xb8\x80");
  text(out->manufacturerID, 32, "Vendor");
  text(out->model, 16, "Model");
  text(out->serialNumber, 16, "0042");
  out->flags = CKF_TOKEN_INITIALIZED | CKF_USER_PIN_INITIALIZED | CKF_LOGIN_REQUIRED;
  out->ulMaxPinLen = 16;
  out->ulMinPinLen = 6;
  return CKR_OK;
}
static CK_RV mechanisms(CK_SLOT_ID slot, CK_MECHANISM_TYPE *list, CK_ULONG *count) { *count = 0; return CKR_OK; }
static CK_RV open_session(CK_SLOT_ID slot, CK_FLAGS flags, void *application, CK_NOTIFY notify, CK_SESSION_HANDLE *out) {
  *out = 1;
  return present() ? CKR_OK : CKR_TOKEN_NOT_PRESENT;
}
static CK_RV close_session(CK_SESSION_HANDLE session) { return CKR_OK; }
static CK_RV close_all(CK_SLOT_ID slot) { logged_in = 0; return CKR_OK; }
static CK_RV session_info(CK_SESSION_HANDLE session, CK_SESSION_INFO *out) {
  out->slotID = 7;
  out->state = logged_in ? CKS_RO_USER_FUNCTIONS : CKS_RO_PUBLIC_SESSION;
  out->flags = CKF_SERIAL_SESSION;
  out->ulDeviceError = 0;
  return CKR_OK;
}
static CK_RV login(CK_SESSION_HANDLE session, CK_USER_TYPE user, unsigned char *pin, CK_ULONG size) {
  if (size != 6 || memcmp(pin, "123456", 6)) return CKR_PIN_INCORRECT;
  logged_in = 1;
  return CKR_OK;
}
static CK_RV logout(CK_SESSION_HANDLE session) { logged_in = 0; return CKR_OK; }

/* An attribute of the one object; NULL: it has none of this kind. */
static const void *attribute(CK_ATTRIBUTE_TYPE type, CK_ULONG *size) {
  static const CK_ULONG class = CKO_CERTIFICATE, x509 = CKC_X_509;
  static const CK_BBOOL yes = CK_TRUE, no = CK_FALSE;
  switch (type) {
  case CKA_CLASS: *size = sizeof class; return &class;
  case CKA_CERTIFICATE_TYPE: *size = sizeof x509; return &x509;
  case CKA_TOKEN: *size = 1; return &yes;
  case CKA_PRIVATE: *size = 1; return &no;
  case CKA_LABEL: *size = 4; return "Sign";
  case CKA_ID: *size = 5; return "Key-1";
  case CKA_VALUE: *size = length; return certificate;
  default: return NULL;
  }
}
static CK_RV find_init(CK_SESSION_HANDLE session, CK_ATTRIBUTE *wanted, CK_ULONG count) {
  found = 1;
  for (CK_ULONG i = 0; i < count; i++) {
    CK_ULONG size = 0;
    const void *value = attribute(wanted[i].type, &size);
    if (!value || size != wanted[i].ulValueLen || memcmp(value, wanted[i].pValue, size)) found = 0;
  }
  return CKR_OK;
}
static CK_RV find(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE *objects, CK_ULONG most, CK_ULONG *count) {
  *count = found && most ? 1 : 0;
  if (*count) objects[0] = 9;
  found = 0;
  return CKR_OK;
}
static CK_RV find_final(CK_SESSION_HANDLE session) { return CKR_OK; }
static CK_RV get_attributes(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object, CK_ATTRIBUTE *list, CK_ULONG count) {
  CK_RV result = CKR_OK;
  for (CK_ULONG i = 0; i < count; i++) {
    CK_ULONG size = 0;
    const void *value = attribute(list[i].type, &size);
    if (!value) {
      list[i].ulValueLen = (CK_ULONG)-1;
      result = CKR_ATTRIBUTE_TYPE_INVALID;
    } else if (!list[i].pValue) {
      list[i].ulValueLen = size;
    } else if (list[i].ulValueLen < size) {
      list[i].ulValueLen = (CK_ULONG)-1;
      result = CKR_BUFFER_TOO_SMALL;
    } else {
      memcpy(list[i].pValue, value, size);
      list[i].ulValueLen = size;
    }
  }
  return result;
}

static CK_RV sign_init(CK_SESSION_HANDLE session, CK_MECHANISM *how, CK_OBJECT_HANDLE key) { return NOT_HERE; }
static CK_RV sign(CK_SESSION_HANDLE session, unsigned char *data, CK_ULONG size, unsigned char *out, CK_ULONG *outsize) {
  return NOT_HERE;
}
static CK_RV set_pin(CK_SESSION_HANDLE session, unsigned char *old, CK_ULONG a, unsigned char *new, CK_ULONG b) {
  return NOT_HERE;
}

EXPORT CK_RV C_GetFunctionList(CK_FUNCTION_LIST **list) {
  static CK_FUNCTION_LIST functions;
  functions.version.major = 2;
  functions.version.minor = 40;
  functions.C_Initialize = initialize;
  functions.C_Finalize = finalize;
  functions.C_GetInfo = info;
  functions.C_GetFunctionList = C_GetFunctionList;
  functions.C_GetSlotList = slot_list;
  functions.C_GetSlotInfo = slot_info;
  functions.C_GetTokenInfo = token_info;
  functions.C_GetMechanismList = mechanisms;
  functions.C_OpenSession = open_session;
  functions.C_CloseSession = close_session;
  functions.C_CloseAllSessions = close_all;
  functions.C_GetSessionInfo = session_info;
  functions.C_Login = login;
  functions.C_Logout = logout;
  functions.C_FindObjectsInit = find_init;
  functions.C_FindObjects = find;
  functions.C_FindObjectsFinal = find_final;
  functions.C_GetAttributeValue = get_attributes;
  functions.C_SignInit = sign_init;
  functions.C_Sign = sign;
  functions.C_SetPIN = set_pin;
  *list = &functions;
  return CKR_OK;
}
