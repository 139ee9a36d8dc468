// Search: the segments near a text in one run; see memory/index/__init__.py for why nothing is lost.
#pragma once

#include "comparison.hpp"

namespace memory_index {

class Search : public Comparison {
   public:
    explicit Search(const Run& run) : Comparison(run), seen_(run.largest, 0), picked_(run.largest + 1) {}

    // Whether none was left out.
    bool run() {
        waiting_.clear(), chunks_.clear(), words_.clear();
        if (words.count() <= SHORT) labels();
        if (words.count() >= SHORT) filed();
        drop(waiting_);
        order(waiting_);
        bool complete = true;
        for (size_t place = 0; place < waiting_.size() && complete; ++place) {
            prefetch_letters(waiting_, place);
            if (waiting_[place].bound < answers.bar()) continue;
            complete = in_time();
            if (complete) compare(waiting_[place]);
        }
        answers.end();
        return complete;
    }

   private:
    // The likeliest first, in steps of a third of a percent: there may be thousands, and a finer order finds nothing sooner.
    void order(std::vector<Candidate>& row) {
        if (row.size() < 2) return;
        std::fill(starts_, starts_ + STEPS + 1, 0);
        auto step = [](const Candidate& one) { return (FULL - one.guess) >> STEP_BITS; };
        for (const Candidate& one : row) ++starts_[step(one) + 1];
        for (i64 at = 1; at <= STEPS; ++at) starts_[at] += starts_[at - 1];
        ordered_.resize(row.size());
        for (const Candidate& one : row) ordered_[starts_[step(one)]++] = one;
        row.swap(ordered_);
    }

    // Leave out those that can no longer be among the best.
    void drop(std::vector<Candidate>& row) const {
        i64 bar = answers.bar();
        auto hopeless = [bar](const Candidate& one) { return one.bound < bar; };
        row.erase(std::remove_if(row.begin(), row.end(), hopeless), row.end());
    }

    // Both have at most two words: everything of about the same length whose letters may do, the nearest lengths first.
    void labels() {
        i64 size = pattern_.size;
        i64 up = length_from(size), down = up;
        for (i64 apart = 0;; ++apart) {
            bool more = up < run_.labels && share(size + apart, apart) >= answers.bar();
            bool fewer = apart && down > 0 && size >= apart && share(size, apart) >= answers.bar();
            if (apart && !more && !fewer) break;
            fresh_.clear();
            if (more) {
                i64 until = length_from(size + apart + 1);
                like_letters(up, until, size + apart, apart);
                up = until;
            }
            if (fewer) {
                i64 from = length_from(size - apart);
                like_letters(from, down, size, apart);
                down = from;
            }
            try_likeliest();
        }
    }

    void like_letters(i64 from, i64 until, i64 longest, i64 apart_by) {
        i64 most = longest * (FULL - answers.bar()) / FULL;
        bits_.resize(until - from);
        apart(bag_, run_.signatures.at + from, until - from, bits_.data());
        for (i64 place = from; place < until; ++place) {
            i64 bits = bits_[place - from];
            if (bits > most || answers.dead(place)) continue;
            u16 bound = u16(share(longest, std::max(bits, apart_by)));
            if (bound >= answers.bar()) fresh_.push_back({u32(place), bound, bound, true});
        }
    }

    // The first label of so many letters or more.
    i64 length_from(i64 letters) const { return run_.lengths.lower(u64(letters), 0, run_.labels); }

    // Segments filed under enough of the query's rarest words, in the groups whose word count may do, the nearest counts first.
    void filed() {
        i64 n = words.count(), up = 0;
        while (up < run_.groups.count && words_of(up) < n) ++up;
        i64 down = up - 1, total = run_.posting_rows.count - 1;
        lists_.clear();
        for (i64 rank : words.ranks())
            if (rank >= 0 && rank < total) TM_PREFETCH(run_.posting_rows.at + rank);
        for (i64 rank : words.ranks()) {
            List list = {0, 0, 0, 0};
            if (rank >= 0 && rank < total) {
                i64 from = run_.posting_rows[rank], until = run_.posting_rows[rank + 1];
                if (from <= until && until <= run_.postings.count) list = {from, until, from, until};
            }
            lists_.push_back(list);
        }
        divide(up < run_.groups.count ? run_.group_starts[up] : u32(run_.count));
        for (;;) {
            i64 above = up < run_.groups.count ? best_of(words_of(up)) : -1;
            i64 below = down >= 0 ? best_of(words_of(down)) : -1;
            if (std::max(above, below) < answers.bar()) return;
            bool higher = above >= below;
            i64 group = higher ? up++ : down--;
            if (std::max(words_of(group), n) > SHORT) gather(group, higher);
        }
    }

    // Find in all lists the place of the first segment from `first` on, step by step together, so that memory is waited for
    // once.
    void divide(u32 first) {
        const u32 low = first << POSITION_BITS;
        for (bool more = true; more;) {
            more = false;
            for (List& list : lists_) {
                if (list.down >= list.up) continue;
                i64 middle = (list.down + list.up) >> 1;
                (run_.postings[middle] < low ? list.down : list.up) = run_.postings[middle] < low ? middle + 1 : middle;
                TM_PREFETCH(run_.postings.at + ((list.down + list.up) >> 1));
                more = true;
            }
        }
    }

    i64 words_of(i64 group) const { return run_.groups[group] ? i64(run_.groups[group]) : SHORT; }

    // The most that a text of so many words can score; -1 where too few can be shared.
    i64 best_of(i64 m) const {
        i64 n = words.count(), fewer = std::min(n, m), more = std::max(n, m);
        return 100 * fewer < FLOOR * more ? -1 : (FULL + FULL * fewer / more) / 2;
    }

    // How many words must be shared by a text of `m` words to reach the bar: so many fewer cost too much in words and letters.
    i64 needed(i64 m) const {
        i64 n = words.count(), more = std::max(n, m), least = ceiling(FLOOR * more, 100), bar = answers.bar();
        // Letters cost at most what words leave them, so that the longer text has at most so many.
        i64 longest = std::max<i64>(1, 2 * bar > FULL ? pattern_.size * FULL / (2 * bar - FULL) : LONGEST);
        i64 low = least, high = std::max(least, std::min(n, m));
        while (low < high) {
            i64 shared = (low + high) >> 1, edits = (more - shared + 1) >> 1;
            i64 letters = FULL - FULL * edits / longest;
            if (letters + FULL - FULL * words.least_cost(m, n - shared) / (ANOTHER * more) < 2 * bar)
                low = shared + 1;
            else
                high = shared;
        }
        return low;
    }

    // The segments of one word count that share enough of the rarest words.
    void gather(i64 group, bool higher) {
        i64 n = words.count(), m = words_of(group), need = needed(m), extra = run_.group_extra[group];
        i64 first = run_.group_starts[group], size = i64(run_.group_starts[group + 1]) - first, passed = 0, count = 0;
        if (m - need + extra < 0 || need > std::min(n, m)) return;
        i64 lists = std::min(n, n - need + 1 + extra);
        const u32 low = u32(first) << POSITION_BITS, span = u32(size) << POSITION_BITS, high = low + span;
        const u32 deep = u32(std::min(m - need + extra, MOST_POSITION));
        u8* seen = seen_.data();
        u32* picked = picked_.data();
        scanned_.clear();
        auto meet = [&](u32 posting) {
            u32 segment = posting >> POSITION_BITS;
            u8 times = seen[segment], within = ((posting & MOST_POSITION) <= deep) & (times < 255);
            picked[count] = segment;
            count += within & (times == extra);
            seen[segment] = u8(times + within);
        };
        for (i64 place = 0; place < lists; ++place) {
            List& list = lists_[place];
            i64 begin = higher ? list.up : list.down, at = begin;
            // Lists that nearer groups did not need are behind.
            if (higher) {
                if (at < list.until && run_.postings[at] < low) begin = at = run_.postings.lower(low, at, list.until);
                for (; at < list.until && run_.postings[at] - low < span; ++at) meet(run_.postings[at] - low);
                list.up = at;
                scanned_.push_back({begin, at});
            } else {
                if (at > list.from && run_.postings[at - 1] >= high) begin = at = run_.postings.lower(high, list.from, at);
                for (; at > list.from && run_.postings[at - 1] - low < span; --at) meet(run_.postings[at - 1] - low);
                list.down = at;
                scanned_.push_back({at, begin});
            }
            passed += scanned_.back().second - scanned_.back().first;
        }
        // What letters may cost where so many of the query's words are missing.
        room_.resize(std::max<i64>(0, n - need) + 1);
        for (i64 lacking = 0; lacking < i64(room_.size()); ++lacking)
            room_[lacking] = FULL - std::max<i64>(0, 2 * answers.bar() - said(m, words.least_cost(m, lacking)));
        consider(group, m, need, count);
        if (passed * 16 > size)
            std::memset(seen, 0, size);
        else
            for (auto [from, until] : scanned_)
                for (i64 at = from; at < until; ++at) seen[(run_.postings[at] - low) >> POSITION_BITS] = 0;
        refine();
        try_likeliest();
    }

    // Make candidates of the segments picked where signatures and lengths leave a chance: letters cost no more than `room_`.
    void consider(i64 group, i64 m, i64 need, i64 count) {
        i64 n = words.count(), first = run_.group_starts[group], width = run_.group_width[group];
        const u64 *mine = words.signature(width), *signatures = run_.signatures.at + run_.signed_from[group];
        fresh_.clear();
        for (i64 place = 0; place < count; ++place) {
            i64 segment = picked_[place], lacking = 0, more = 0;
            if (run_.groups[group] == 0) {
                if (segment >= run_.labels || run_.short_words[segment] != SHORT) continue;
            } else {
                if (place + PREFETCH < count) TM_PREFETCH(signatures + (i64(picked_[place + PREFETCH]) << width));
                const u64* theirs = signatures + (segment << width);
                for (i64 at = 0; at < i64(1) << width; ++at) {
                    lacking += TM_POPCOUNT(mine[at] & ~theirs[at]);
                    more += TM_POPCOUNT(theirs[at] & ~mine[at]);
                }
                if (lacking > n - need || more > m - need) continue;
            }
            TM_PREFETCH(run_.lengths.at + first + segment);
            TM_PREFETCH(run_.row_ends.at + first + segment);
            // Until its words are read: how many of the query's it lacks, and how many edits that takes.
            fresh_.push_back({u32(first + segment), u16(lacking), u16((std::max(lacking, more) + 1) >> 1), false});
        }
        auto hopeless = [this](const Candidate& one) {
            i64 length = run_.lengths[one.segment], longest = std::max(length, pattern_.size);
            i64 apart = std::max<i64>(longest - std::min(length, pattern_.size), one.guess);
            return apart * FULL > longest * room_[one.bound] || answers.dead(one.segment);
        };
        fresh_.erase(std::remove_if(fresh_.begin(), fresh_.end(), hopeless), fresh_.end());
    }

    // Read the words of the fresh candidates, some at a time so that memory is waited for once, and lower their bounds by what
    // these say; some drop out.
    void refine() {
        size_t kept = 0;
        for (size_t from = 0; from < fresh_.size(); from += TOGETHER) {
            size_t until = std::min(fresh_.size(), from + TOGETHER);
            for (size_t place = from; place < until; ++place) run_.prefetch_row(fresh_[place].segment);
            size_t chunks_at = chunks_.size(), words_at = words_.size();
            read_.clear();
            for (size_t place = from; place < until; ++place) {
                Candidate one = fresh_[place];
                one.chunks_at = u32(chunks_.size());
                if (!run_.read_chunks(one.segment, chunks_)) continue;
                one.chunks = u16(chunks_.size() - one.chunks_at);
                read_.push_back(one);
            }
            for (Candidate& one : read_) {
                one.words_at = u32(words_.size());
                bool whole = run_.read_words(chunks_.data() + one.chunks_at, one.chunks, words_);
                one.words = whole ? u16(words_.size() - one.words_at) : 0;
                words.prefetch(words_.data() + one.words_at, one.words);
            }
            for (Candidate one : read_) {
                if (!promises(one)) continue;
                // What was read of others is forgotten.
                std::copy_n(chunks_.begin() + one.chunks_at, one.chunks, chunks_.begin() + chunks_at);
                std::copy_n(words_.begin() + one.words_at, one.words, words_.begin() + words_at);
                one.chunks_at = u32(chunks_at), one.words_at = u32(words_at);
                chunks_at += one.chunks, words_at += one.words;
                fresh_[kept++] = one;
            }
            chunks_.resize(chunks_at), words_.resize(words_at);
        }
        fresh_.resize(kept);
    }

    bool promises(Candidate& one) {
        words.make_room();
        if (!words.hold(words_.data() + one.words_at, one.words)) return false;
        i64 bound = (near(one.segment) + said(words.theirs(), words.bound())) / 2;
        one.bound = u16(bound);
        one.guess = u16(std::max<i64>(0, FULL - FULL * words.unlike() / std::max(words.count(), words.theirs())));
        return bound >= answers.bar();
    }

    // Compare the fresh candidates that probably are among the best, so that the others are held against them; others wait.
    void try_likeliest() {
        order(fresh_);
        size_t place = 0;
        for (; place < std::min(fresh_.size(), EARLY) && fresh_[place].guess > answers.bar() && in_time(); ++place) {
            prefetch_letters(fresh_, place);
            if (fresh_[place].bound >= answers.bar()) compare(fresh_[place]);
        }
        for (; place < fresh_.size(); ++place)
            if (fresh_[place].bound >= answers.bar()) waiting_.push_back(fresh_[place]);
    }

    // Ask for the letters of the candidates that come soon.
    void prefetch_letters(const std::vector<Candidate>& row, size_t place) const {
        auto ask = [this, &row, place](size_t ahead, auto each) {
            if (place + ahead >= row.size()) return;
            const Candidate& one = row[place + ahead];
            if (one.by_letters)
                run_.prefetch_label(one.segment);
            else
                for (u32 chunk = one.chunks_at; chunk < one.chunks_at + one.chunks; ++chunk) each(chunks_[chunk]);
        };
        ask(2, [this](u32 chunk) { TM_PREFETCH(run_.chunk_rows.at + chunk); });
        ask(1, [this](u32 chunk) { run_.prefetch_letters(chunk); });
    }

    static constexpr i64 STEP_BITS = 5, STEPS = (FULL >> STEP_BITS) + 1;
    static constexpr size_t TOGETHER = 32;  // candidates that are read together
    static constexpr size_t EARLY = 16;     // candidates of a group that are compared before the next is gone through

    // The postings of an element, and from where to where they were gone through.
    struct List {
        i64 from, until, down, up;
    };

    std::vector<u8> bits_;     // of labels, those that only one side has
    std::vector<u8> seen_;     // how often each segment of a group was met
    std::vector<u32> picked_;  // those met often enough
    std::vector<List> lists_;
    std::vector<std::pair<i64, i64>> scanned_;
    std::vector<i64> room_;
    std::vector<Candidate> fresh_, read_, waiting_, ordered_;
    u32 starts_[STEPS + 1] = {};
};

}  // namespace memory_index
