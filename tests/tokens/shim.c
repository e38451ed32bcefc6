/* A PKCS#11 module that wraps another one and misbehaves on request.
 *
 * SoftHSM never locks a PIN, never vanishes and never crashes; real Ukeys and their drivers do. This shim adds
 * those behaviours around any module, for tests and for the practice environment.
 *
 *   SHIM_TARGET  path of the module to wrap   (default /usr/lib/softhsm/libsofthsm2.so)
 *   SHIM_CTL     path of the control file     (re-read at every call; absent = behave)
 *
 * Control file, one KEY=VALUE per line. A key followed by .SERIAL holds for that token only and wins.
 *
 *   max=6           wrong user PINs until the token locks; 0 (default) = never, flags as the target gives them
 *   minpin=8 maxpin=16   length rule for a new user PIN (C_SetPIN -> CKR_PIN_LEN_RANGE); 0 (default) = none
 *   present=0       the token is gone (pulled out)
 *   staleslots=1    whether a token is present is frozen at C_Initialize, as in drivers that need re-initialising
 *   overcount=N     the next N size queries of C_GetSlotList after C_Initialize report one slot too many
 *   serial.OLD=NEW  the token now in OLD's slot has another serial number
 *   vendorclass=1   searches ignore their template and data objects claim the vendor class 0x80000001
 *   say=TEXT        every call prints TEXT to stdout and stderr, as chatty libraries do
 *   gbk=1           token labels and CKA_LABEL are the GBK bytes of two Chinese characters
 *   nomech=0x40,0x1 the token lacks these mechanisms: neither listed nor taken by C_SignInit
 *   badsign=1       signatures come out wrong
 *   needlogin=1     C_SetPIN without a login answers CKR_USER_NOT_LOGGED_IN
 *   fault=FUNCTION:KIND[:ARGUMENT]        before the call; FUNCTION is a C_ name or *; a login for a key
 *                                         (CKU_CONTEXT_SPECIFIC) is called C_Login-context, here and in the log
 *   fault_after=FUNCTION:KIND[:ARGUMENT]  after the target has done it
 *       KIND: rv:0x30 (answer that) | delay:300 (ms) | segv | abort | exit | hang
 *
 * Files beside the control file:
 *   <ctl>.tries.SERIAL  remaining tries of one token, a decimal number; absent = max. The shim updates it; writing
 *                       1 shows the last try, 0 a locked token, max-1 a low count, removing it a fresh token.
 *   <ctl>.calls         when it exists, one line "PID TID DUMPABLE FUNCTION" is appended per call (DUMPABLE: the
 *                       process's PR_GET_DUMPABLE). No arguments, no PINs.
 */
#include <dlfcn.h>
#include <fcntl.h>
#include <p11-kit/pkcs11.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "shim_control.h"

#define VENDOR_CLASS 0x80000001UL
#define MAX_SLOTS 64
static const char GBK_LABEL[4] = {'\xb2', '\xe2', '\xca', '\xd4'};

static CK_FUNCTION_LIST *target, table;
static int overcounts;
static struct { CK_SLOT_ID slot; int present; } frozen[MAX_SLOTS];
static CK_ULONG frozen_count;

/* ---- tokens ---- */

/* The wrapped token's own serial number without padding; empty when there is none. */
static void serial_of(CK_SLOT_ID slot, char serial[17])
{
    CK_TOKEN_INFO info;
    serial[0] = 0;
    if (target->C_GetTokenInfo(slot, &info) != CKR_OK) return;
    memcpy(serial, info.serialNumber, 16);
    serial[16] = 0;
    for (int i = 15; i >= 0 && (serial[i] == ' ' || !serial[i]); i--) serial[i] = 0;
}

static int serial_of_session(CK_SESSION_HANDLE session, char serial[17])
{
    CK_SESSION_INFO info;
    serial[0] = 0;
    if (target->C_GetSessionInfo(session, &info) != CKR_OK) return 0;
    serial_of(info.slotID, serial);
    return 1;
}

/* Whether the token is in the reader now, whatever the slot list pretends. */
static int really_present(CK_SLOT_ID slot)
{
    char serial[17];
    serial_of(slot, serial);
    return control("present", serial, 1) != 0;
}

/* Whether the slot list says so: frozen at C_Initialize when staleslots is on. */
static int shown_present(CK_SLOT_ID slot)
{
    if (control("staleslots", NULL, 0))
        for (CK_ULONG i = 0; i < frozen_count; i++)
            if (frozen[i].slot == slot) return frozen[i].present;
    return really_present(slot);
}

static void freeze_slots(void)
{
    CK_SLOT_ID slots[MAX_SLOTS];
    frozen_count = MAX_SLOTS;
    if (target->C_GetSlotList(CK_TRUE, slots, &frozen_count) != CKR_OK) frozen_count = 0;
    for (CK_ULONG i = 0; i < frozen_count; i++) {
        frozen[i].slot = slots[i];
        frozen[i].present = really_present(slots[i]);
    }
}

/* ---- the wrapped functions ---- */

static CK_RV shim_Initialize(void *arguments)
{
    ENTER(C_Initialize);
    CK_RV rv = target->C_Initialize(arguments);
    overcounts = control("overcount", NULL, 0);
    if (rv == CKR_OK) freeze_slots();
    LEAVE(C_Initialize, rv);
}

static CK_RV shim_GetSlotList(CK_BBOOL only_present, CK_SLOT_ID *list, CK_ULONG *size)
{
    CK_SLOT_ID slots[MAX_SLOTS];
    CK_ULONG total = MAX_SLOTS, kept = 0;
    ENTER(C_GetSlotList);
    CK_RV rv = target->C_GetSlotList(only_present, slots, &total);
    if (rv != CKR_OK) return rv;
    for (CK_ULONG i = 0; i < total; i++)
        if (!only_present || shown_present(slots[i])) slots[kept++] = slots[i];
    if (!list) {
        *size = kept + (overcounts > 0 ? 1 : 0);
        if (overcounts > 0) overcounts--;
        return CKR_OK;
    }
    if (*size < kept) { *size = kept; return CKR_BUFFER_TOO_SMALL; }
    memcpy(list, slots, kept * sizeof *slots);
    *size = kept;
    LEAVE(C_GetSlotList, CKR_OK);
}

static CK_RV shim_GetSlotInfo(CK_SLOT_ID slot, CK_SLOT_INFO *info)
{
    ENTER(C_GetSlotInfo);
    CK_RV rv = target->C_GetSlotInfo(slot, info);
    if (rv == CKR_OK && !shown_present(slot)) info->flags &= ~CKF_TOKEN_PRESENT;
    LEAVE(C_GetSlotInfo, rv);
}

static CK_RV shim_GetTokenInfo(CK_SLOT_ID slot, CK_TOKEN_INFO *info)
{
    char serial[17], other[17];
    ENTER(C_GetTokenInfo);
    if (!shown_present(slot)) return CKR_TOKEN_NOT_PRESENT;
    CK_RV rv = target->C_GetTokenInfo(slot, info);
    if (rv != CKR_OK) return rv;
    serial_of(slot, serial);
    long max = control("max", serial, 0), tries = read_tries(serial, max);
    if (max > 0) {
        info->flags &= ~(CKF_USER_PIN_COUNT_LOW | CKF_USER_PIN_FINAL_TRY | CKF_USER_PIN_LOCKED);
        if (tries <= 0) info->flags |= CKF_USER_PIN_LOCKED;
        else if (tries == 1) info->flags |= CKF_USER_PIN_FINAL_TRY;
        else if (tries < max) info->flags |= CKF_USER_PIN_COUNT_LOW;
    }
    if (control("gbk", serial, 0)) {
        memset(info->label, ' ', sizeof info->label);
        memcpy(info->label, GBK_LABEL, sizeof GBK_LABEL);
    }
    if (serial[0] && control_text("serial", serial, other, sizeof other) == 2) {
        memset(info->serialNumber, ' ', sizeof info->serialNumber);
        memcpy(info->serialNumber, other, strlen(other));
    }
    LEAVE(C_GetTokenInfo, rv);
}

static CK_RV shim_OpenSession(CK_SLOT_ID slot, CK_FLAGS flags, void *app, CK_NOTIFY notify, CK_SESSION_HANDLE *session)
{
    ENTER(C_OpenSession);
    if (!really_present(slot)) return CKR_TOKEN_NOT_PRESENT;
    LEAVE(C_OpenSession, target->C_OpenSession(slot, flags, app, notify, session));
}

static CK_RV shim_Login(CK_SESSION_HANDLE session, CK_USER_TYPE user, unsigned char *pin, CK_ULONG length)
{
    char serial[17];
    const char *name = user == CKU_CONTEXT_SPECIFIC ? "C_Login-context" : "C_Login";
    ENTER_AS(name);
    if (!serial_of_session(session, serial)) return CKR_SESSION_HANDLE_INVALID;
    if (!control("present", serial, 1)) return CKR_DEVICE_REMOVED;
    long max = control("max", serial, 0);
    if (user == CKU_SO || max <= 0) LEAVE_AS(name, target->C_Login(session, user, pin, length));
    if (read_tries(serial, max) <= 0) return CKR_PIN_LOCKED;
    LEAVE_AS(name, count(serial, max, target->C_Login(session, user, pin, length)));
}

static CK_RV shim_SetPIN(CK_SESSION_HANDLE session, unsigned char *old, CK_ULONG old_length, unsigned char *pin,
                         CK_ULONG length)
{
    char serial[17];
    CK_SESSION_INFO info;
    ENTER(C_SetPIN);
    if (!serial_of_session(session, serial)) return CKR_SESSION_HANDLE_INVALID;
    if (!control("present", serial, 1)) return CKR_DEVICE_REMOVED;
    target->C_GetSessionInfo(session, &info);
    if (control("needlogin", serial, 0) && info.state != CKS_RW_USER_FUNCTIONS) return CKR_USER_NOT_LOGGED_IN;
    long max = control("max", serial, 0), shortest = control("minpin", serial, 0), longest = control("maxpin", serial, 0);
    if (max > 0 && read_tries(serial, max) <= 0) return CKR_PIN_LOCKED;
    if ((long)length < shortest || (longest && (long)length > longest)) return CKR_PIN_LEN_RANGE;
    CK_RV rv = target->C_SetPIN(session, old, old_length, pin, length);
    LEAVE(C_SetPIN, max > 0 ? count(serial, max, rv) : rv);
}

static CK_RV shim_FindObjectsInit(CK_SESSION_HANDLE session, CK_ATTRIBUTE *template, CK_ULONG size)
{
    ENTER(C_FindObjectsInit);
    if (control("vendorclass", NULL, 0)) size = 0;
    LEAVE(C_FindObjectsInit, target->C_FindObjectsInit(session, template, size));
}

/* Give the GBK label instead of the object's own: the target is only asked how long its own is. */
static CK_RV with_gbk_label(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object, CK_ATTRIBUTE *values, CK_ULONG size)
{
    CK_ATTRIBUTE asked[32];
    CK_ULONG n = size < 32 ? size : 32;
    memcpy(asked, values, n * sizeof *asked);
    for (CK_ULONG i = 0; i < n; i++)
        if (asked[i].type == CKA_LABEL) asked[i].pValue = NULL;
    CK_RV rv = target->C_GetAttributeValue(session, object, asked, n);
    for (CK_ULONG i = 0; i < n; i++) {
        values[i].ulValueLen = asked[i].ulValueLen;
        if (values[i].type != CKA_LABEL || asked[i].ulValueLen == (CK_ULONG)-1) continue;
        if (values[i].pValue) memcpy(values[i].pValue, GBK_LABEL, sizeof GBK_LABEL);
        values[i].ulValueLen = sizeof GBK_LABEL;
    }
    return rv;
}

static CK_RV shim_GetAttributeValue(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object, CK_ATTRIBUTE *values, CK_ULONG size)
{
    ENTER(C_GetAttributeValue);
    CK_RV rv = control("gbk", NULL, 0) ? with_gbk_label(session, object, values, size)
                                       : target->C_GetAttributeValue(session, object, values, size);
    if (control("vendorclass", NULL, 0))
        for (CK_ULONG i = 0; i < size; i++)
            if (values[i].type == CKA_CLASS && values[i].pValue && *(CK_ULONG *)values[i].pValue == CKO_DATA)
                *(CK_ULONG *)values[i].pValue = VENDOR_CLASS;
    LEAVE(C_GetAttributeValue, rv);
}

/* ---- signing ---- */

static int lacks_mechanism(CK_MECHANISM_TYPE mechanism)
{
    char list[64];
    if (!control_text("nomech", NULL, list, sizeof list)) return 0;
    for (char *word = strtok(list, ","); word; word = strtok(NULL, ","))
        if (strtoul(word, NULL, 0) == mechanism) return 1;
    return 0;
}

static CK_RV shim_GetMechanismList(CK_SLOT_ID slot, CK_MECHANISM_TYPE *list, CK_ULONG *size)
{
    ENTER(C_GetMechanismList);
    CK_RV rv = target->C_GetMechanismList(slot, list, size);
    if (rv != CKR_OK || !list) return rv;
    CK_ULONG kept = 0;
    for (CK_ULONG i = 0; i < *size; i++)
        if (!lacks_mechanism(list[i])) list[kept++] = list[i];
    *size = kept;
    LEAVE(C_GetMechanismList, rv);
}

static CK_RV shim_SignInit(CK_SESSION_HANDLE session, CK_MECHANISM *mechanism, CK_OBJECT_HANDLE key)
{
    ENTER(C_SignInit);
    if (lacks_mechanism(mechanism->mechanism)) return CKR_MECHANISM_INVALID;
    LEAVE(C_SignInit, target->C_SignInit(session, mechanism, key));
}

static CK_RV shim_Sign(CK_SESSION_HANDLE session, unsigned char *data, CK_ULONG length, unsigned char *signature,
                       CK_ULONG *size)
{
    ENTER(C_Sign);
    CK_RV rv = target->C_Sign(session, data, length, signature, size);
    if (rv == CKR_OK && signature && control("badsign", NULL, 0)) signature[*size - 1] ^= 1;
    LEAVE(C_Sign, rv);
}

/* Functions that only log, fail on request and pass on. */
#define PASS(name, parameters, arguments)          \
    static CK_RV shim_##name parameters            \
    {                                              \
        ENTER(C_##name);                           \
        LEAVE(C_##name, target->C_##name arguments); \
    }
PASS(Finalize, (void *a), (a))
PASS(CloseSession, (CK_SESSION_HANDLE s), (s))
PASS(CloseAllSessions, (CK_SLOT_ID s), (s))
PASS(Logout, (CK_SESSION_HANDLE s), (s))
PASS(FindObjects, (CK_SESSION_HANDLE s, CK_OBJECT_HANDLE *o, CK_ULONG m, CK_ULONG *n), (s, o, m, n))
PASS(FindObjectsFinal, (CK_SESSION_HANDLE s), (s))

CK_RV C_GetFunctionList(CK_FUNCTION_LIST **list)
{
    if (!target) {
        const char *path = getenv("SHIM_TARGET");
        void *module = dlopen(path ? path : "/usr/lib/softhsm/libsofthsm2.so", RTLD_NOW | RTLD_LOCAL);
        CK_C_GetFunctionList get = module ? (CK_C_GetFunctionList)dlsym(module, "C_GetFunctionList") : NULL;
        if (!get || get(&target) != CKR_OK) return CKR_GENERAL_ERROR;
        table = *target;
        table.C_GetFunctionList = C_GetFunctionList;
#define REPLACE(name) table.C_##name = shim_##name
        REPLACE(Initialize); REPLACE(Finalize); REPLACE(GetSlotList); REPLACE(GetSlotInfo); REPLACE(GetTokenInfo);
        REPLACE(OpenSession); REPLACE(CloseSession); REPLACE(CloseAllSessions); REPLACE(Login); REPLACE(Logout);
        REPLACE(SetPIN); REPLACE(FindObjectsInit); REPLACE(FindObjects); REPLACE(FindObjectsFinal);
        REPLACE(GetAttributeValue); REPLACE(GetMechanismList); REPLACE(SignInit); REPLACE(Sign);
    }
    *list = &table;
    return CKR_OK;
}
