// Bits: how far a row of letters' bits are from those of one text, by the widest instructions of the machine.
#pragma once

#include "run.hpp"

#if defined(__x86_64__) && defined(__GNUC__)
#include <immintrin.h>
#endif

namespace memory_index {

// For each of a row of bits how many only one of the two sides has, on the side where these are more.
inline void apart_plainly(u64 mine, const u64* theirs, i64 count, u8* out) {
    for (i64 place = 0; place < count; ++place)
        out[place] = u8(std::max(TM_POPCOUNT(mine & ~theirs[place]), TM_POPCOUNT(theirs[place] & ~mine)));
}

#if defined(__x86_64__) && defined(__GNUC__)

__attribute__((target("avx512f,avx512vpopcntdq"))) inline void apart_eightfold(u64 mine, const u64* theirs, i64 count,
                                                                              u8* out) {
    const __m512i one = _mm512_set1_epi64(i64(mine));
    i64 place = 0;
    for (; place + 8 <= count; place += 8) {
        const __m512i other = _mm512_loadu_si512(theirs + place);
        const __m512i more = _mm512_popcnt_epi64(_mm512_andnot_si512(other, one));
        const __m512i fewer = _mm512_popcnt_epi64(_mm512_andnot_si512(one, other));
        _mm_storel_epi64(reinterpret_cast<__m128i*>(out + place), _mm512_cvtepi64_epi8(_mm512_max_epu64(more, fewer)));
    }
    apart_plainly(mine, theirs + place, count - place, out + place);
}

inline void apart(u64 mine, const u64* theirs, i64 count, u8* out) {
    static const bool wide = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vpopcntdq");
    wide ? apart_eightfold(mine, theirs, count, out) : apart_plainly(mine, theirs, count, out);
}

#else

inline void apart(u64 mine, const u64* theirs, i64 count, u8* out) { apart_plainly(mine, theirs, count, out); }

#endif

}  // namespace memory_index
