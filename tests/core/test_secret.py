"""Sealing identifiers: published vectors of SM3, SM4 and SM4-GCM, then our own promises."""

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import SM4
from cryptography.hazmat.primitives.ciphers.modes import ECB
from hypothesis import given
from hypothesis import strategies as st

from bureau.people import secret

KEY = bytes.fromhex("0123456789abcdeffedcba9876543210")


def test_sm3_vector_of_gb_t_32905() -> None:
    digest = hashes.Hash(hashes.SM3())
    digest.update(b"abc")
    assert digest.finalize().hex() == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"


def test_sm4_vector_of_gb_t_32907() -> None:
    encryptor = Cipher(SM4(KEY), ECB()).encryptor()
    assert (encryptor.update(KEY) + encryptor.finalize()).hex() == "681edf34d206965e86b3e94f536e4246"


def test_sm4_gcm_ciphertext_of_rfc_8998() -> None:
    plain = bytes.fromhex("".join(pair * 8 for pair in ["aa", "bb", "cc", "dd", "ee", "ff", "ee", "aa"]))
    sealed = secret.encrypt(SM4(KEY), bytes.fromhex("00001234567800000000abcd"), plain)
    # The published tag also covers additional data, which we do not use: only the ciphertext is comparable.
    assert sealed[: -secret.TAG].hex() == (
        "17f399f08c67d5ee19d0dc9969c4bb7d5fd46fd3756489069157b282bb200735"
        "d82710ca5c22f0ccfa7cbf93d496ac15a56834cbcf98c397b4024a2691233b8d"
    )


@given(st.text())
def test_what_was_sealed_can_be_read_again(text: str) -> None:
    assert secret.unseal(secret.seal(text)) == text
    assert secret.unseal(memoryview(secret.seal(text))) == text


def test_two_seals_of_one_value_differ_and_a_blank_stays_blank() -> None:
    assert secret.seal("640324201203040011") != secret.seal("640324201203040011")
    assert secret.seal("") == b""
    assert secret.seal_many(["", "甲"])[0] == b""
    assert secret.lookup("") == ""


@pytest.mark.parametrize("place", [0, 1, 14, -1])
def test_a_changed_value_is_refused(place: int) -> None:
    sealed = bytearray(secret.seal("640324201203040011"))
    sealed[place] ^= 1
    with pytest.raises(secret.UnreadableError, match="密钥不符"):
        secret.unseal(bytes(sealed))


def test_a_foreign_key_is_refused(settings) -> None:  # type: ignore[no-untyped-def]
    sealed = secret.seal("640324201203040011")
    settings.FIELD_KEY = "ab" * 32
    with pytest.raises(secret.UnreadableError):
        secret.unseal(sealed)


def test_many_are_as_one() -> None:
    texts = ["640324201203040011", "", "13800000000"]
    assert secret.unseal_many(secret.seal_many(texts)) == texts
    assert secret.lookup_many(texts) == [secret.lookup(text) for text in texts]


def test_lookup_forgives_spaces_and_case_and_depends_on_the_key(settings) -> None:  # type: ignore[no-untyped-def]
    assert secret.lookup("6403 2420120304001x") == secret.lookup("64032420120304001X")
    assert len(secret.lookup("64032420120304001X")) == 32
    assert secret.lookup_tail("64032420120304001X") == secret.lookup_tail("001x")
    assert secret.lookup_tail("001X") != secret.lookup("001X")
    before = secret.lookup("64032420120304001X")
    settings.LOOKUP_KEY = "cd" * 32
    assert secret.lookup("64032420120304001X") != before


def test_masks() -> None:
    assert secret.mask_id("64032420120304001X") == "****************1X"
    assert secret.mask_id("12") == "**"
    assert secret.mask_id("") == ""
    assert secret.mask_phone("13812345678") == "138******78"
    assert secret.mask_phone("12345") == "*****"
    assert secret.mask_name("马小明") == "马**"
    assert secret.mask_name("") == ""
