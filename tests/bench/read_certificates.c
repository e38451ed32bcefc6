/* The peer of bench_token.py: read all certificates of the first token with as few PKCS#11 calls as C needs.
 * usage: read_certificates MODULE REPEATS      prints the median in nanoseconds and the number of certificates
 */
#include <dlfcn.h>
#include <p11-kit/pkcs11.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static int by_value(const void *a, const void *b)
{
    long x = *(const long *)a, y = *(const long *)b;
    return (x > y) - (x < y);
}

int main(int argc, char **argv)
{
    CK_FUNCTION_LIST *p11;
    CK_SLOT_ID slots[64];
    CK_OBJECT_HANDLE objects[256];
    CK_OBJECT_CLASS class = CKO_CERTIFICATE;
    CK_ATTRIBUTE wanted = {CKA_CLASS, &class, sizeof class};
    static char value[65536], label[256], id[256];
    if (argc != 3) return 2;
    int repeats = atoi(argv[2]);
    long *times = calloc(repeats, sizeof *times);
    void *module = dlopen(argv[1], RTLD_NOW);
    CK_C_GetFunctionList get = module ? (CK_C_GetFunctionList)dlsym(module, "C_GetFunctionList") : NULL;
    if (!times || !get || get(&p11) || p11->C_Initialize(NULL)) return 1;
    CK_ULONG found = 0;
    for (int i = 0; i < repeats; i++) {
        struct timespec begin, end;
        CK_ULONG count = 64;
        CK_TOKEN_INFO info;
        CK_SESSION_HANDLE session;
        clock_gettime(CLOCK_MONOTONIC, &begin);
        if (p11->C_GetSlotList(CK_TRUE, slots, &count) || p11->C_GetTokenInfo(slots[0], &info)) return 1;
        if (p11->C_OpenSession(slots[0], CKF_SERIAL_SESSION, NULL, NULL, &session)) return 1;
        if (p11->C_FindObjectsInit(session, &wanted, 1) || p11->C_FindObjects(session, objects, 256, &found)) return 1;
        p11->C_FindObjectsFinal(session);
        for (CK_ULONG k = 0; k < found; k++) {
            CK_ATTRIBUTE read[] = {
                {CKA_VALUE, value, sizeof value}, {CKA_LABEL, label, sizeof label}, {CKA_ID, id, sizeof id}};
            if (p11->C_GetAttributeValue(session, objects[k], read, 3)) return 1;
        }
        p11->C_CloseSession(session);
        clock_gettime(CLOCK_MONOTONIC, &end);
        times[i] = (end.tv_sec - begin.tv_sec) * 1000000000L + end.tv_nsec - begin.tv_nsec;
    }
    qsort(times, repeats, sizeof *times, by_value);
    printf("%ld %lu\n", times[repeats / 2], found);
    return 0;
}
