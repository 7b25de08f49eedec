//! Where each field of the file 03 stands (入出金取引明細, 普通・当座・貯蓄).

use contract::declare::words::Words;

/// What to do about a file that is damaged or contradicts itself.
pub(super) const FETCH_AGAIN: Words =
    Words::new("銀行からファイルを取得し直してください", "fetch the file again from the bank");

/// Bytes of every record.
pub(super) const RECORD: usize = 200;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Digits, right-aligned, filled with zeros.
    N,
    /// Characters, left-aligned, filled with spaces.
    C,
}

/// One field: its name in the bank's table, its first byte (from 1), its bytes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Slot {
    pub name: &'static str,
    pub kind: Kind,
    pub first: usize,
    pub length: usize,
}

const fn n(name: &'static str, first: usize, length: usize) -> Slot {
    Slot { name, kind: Kind::N, first, length }
}

const fn c(name: &'static str, first: usize, length: usize) -> Slot {
    Slot { name, kind: Kind::C, first, length }
}

pub(super) const RECORD_KIND: Slot = n("データ区分", 1, 1);

pub(super) mod header {
    use super::{RECORD_KIND, Slot, c, n};

    pub const FILE_KIND: Slot = n("種別コード", 2, 2);
    pub const CODE: Slot = n("コード区分", 4, 1);
    pub const CREATED: Slot = n("作成日", 5, 6);
    pub const FROM: Slot = n("勘定日(自)", 11, 6);
    pub const TO: Slot = n("勘定日(至)", 17, 6);
    pub const BANK_CODE: Slot = n("銀行コード", 23, 4);
    pub const BANK_NAME: Slot = c("銀行名", 27, 15);
    pub const BRANCH_CODE: Slot = n("支店コード", 42, 3);
    pub const BRANCH_NAME: Slot = c("支店名", 45, 15);
    pub const ACCOUNT_KIND: Slot = n("預金種目", 63, 1);
    pub const ACCOUNT_NUMBER: Slot = n("口座番号", 64, 10);
    pub const ACCOUNT_NAME: Slot = c("口座名", 74, 40);
    pub const SIGN: Slot = n("貸越区分", 114, 1);
    pub const BALANCE: Slot = n("取引前残高", 116, 14);
    pub const ALL: [Slot; 18] = [
        RECORD_KIND,
        FILE_KIND,
        CODE,
        CREATED,
        FROM,
        TO,
        BANK_CODE,
        BANK_NAME,
        BRANCH_CODE,
        BRANCH_NAME,
        n("ダミー", 60, 3),
        ACCOUNT_KIND,
        ACCOUNT_NUMBER,
        ACCOUNT_NAME,
        SIGN,
        n("通帳・証書区分", 115, 1),
        BALANCE,
        c("ダミー", 130, 71),
    ];
}

pub(super) mod data {
    use super::{RECORD_KIND, Slot, c, n};

    pub const INQUIRY: Slot = n("照会番号", 2, 8);
    pub const BOOKED: Slot = n("勘定日", 10, 6);
    pub const VALUE: Slot = n("預入・払出日(起算日)", 16, 6);
    pub const DIRECTION: Slot = n("入払区分", 22, 1);
    pub const KIND: Slot = n("取引区分", 23, 2);
    pub const AMOUNT: Slot = n("取引金額", 25, 12);
    pub const UNCLEARED: Slot = n("うち他店券金額", 37, 12);
    pub const PAYER_CODE: Slot = n("振込依頼人コード", 72, 10);
    pub const PAYER_NAME: Slot = c("振込依頼人名/契約者番号", 82, 48);
    pub const SENDING_BANK: Slot = c("仕向銀行名", 130, 15);
    pub const SENDING_BRANCH: Slot = c("仕向店名", 145, 15);
    pub const SUMMARY: Slot = c("摘要内容", 160, 20);
    pub const EDI: Slot = c("EDI情報", 180, 20);
    pub const ALL: [Slot; 20] = [
        RECORD_KIND,
        INQUIRY,
        BOOKED,
        VALUE,
        DIRECTION,
        KIND,
        AMOUNT,
        UNCLEARED,
        n("交換呈示日", 49, 6),
        n("不渡返還日", 55, 6),
        n("手形・小切手区分", 61, 1),
        n("手形・小切手番号", 62, 7),
        n("僚店番号", 69, 3),
        PAYER_CODE,
        PAYER_NAME,
        SENDING_BANK,
        SENDING_BRANCH,
        SUMMARY,
        EDI,
        c("ダミー", 200, 1),
    ];
}

pub(super) mod trailer {
    use super::{RECORD_KIND, Slot, c, n};

    pub const IN_COUNT: Slot = n("入金件数", 2, 6);
    pub const IN_TOTAL: Slot = n("入金額合計", 8, 13);
    pub const OUT_COUNT: Slot = n("出金件数", 21, 6);
    pub const OUT_TOTAL: Slot = n("出金額合計", 27, 13);
    pub const SIGN: Slot = n("貸越区分", 40, 1);
    pub const BALANCE: Slot = n("取引後残高", 41, 14);
    pub const RECORDS: Slot = n("データ・レコード件数", 55, 7);
    pub const ALL: [Slot; 9] = [
        RECORD_KIND,
        IN_COUNT,
        IN_TOTAL,
        OUT_COUNT,
        OUT_TOTAL,
        SIGN,
        BALANCE,
        RECORDS,
        c("ダミー", 62, 139),
    ];
}

pub(super) mod end {
    use super::{RECORD_KIND, Slot, c, n};

    pub const RECORDS: Slot = n("レコード総件数", 2, 10);
    pub const ACCOUNTS: Slot = n("口座数", 12, 5);
    pub const ALL: [Slot; 4] = [RECORD_KIND, RECORDS, ACCOUNTS, c("ダミー", 17, 184)];
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fields_of_each_record_cover_its_200_bytes_without_gap_or_overlap() {
        for slots in [&header::ALL[..], &data::ALL, &trailer::ALL, &end::ALL] {
            let mut next = 1;
            for slot in slots {
                assert_eq!(slot.first, next, "{}", slot.name);
                next += slot.length;
            }
            assert_eq!(next, RECORD + 1);
        }
    }
}
