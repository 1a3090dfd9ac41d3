// SPDX-License-Identifier: MIT
//
// Magnitudes of decimal numbers and their decimal digits: counting, scaling by powers of ten,
// dividing. What fits few limbs is computed here, the rest by GMP's mpn layer.
//
// Division by 10^0 .. 10^38 multiplies with a reciprocal from a table: the methods are those of
// Moller and Granlund, "Improved division by invariant integers" (2010).
#include "vm/modules/decimal_internal.h"

const mp_limb_t decimal_power_rows[DECIMAL_POWER_ROWS][4] = {
    {0x1u},
    {0xau},
    {0x64u},
    {0x3e8u},
    {0x2710u},
    {0x186a0u},
    {0xf4240u},
    {0x989680u},
    {0x5f5e100u},
    {0x3b9aca00u},
    {0x2540be400u},
    {0x174876e800u},
    {0xe8d4a51000u},
    {0x9184e72a000u},
    {0x5af3107a4000u},
    {0x38d7ea4c68000u},
    {0x2386f26fc10000u},
    {0x16345785d8a0000u},
    {0xde0b6b3a7640000u},
    {0x8ac7230489e80000u},
    {0x6bc75e2d63100000u, 0x5u},
    {0x35c9adc5dea00000u, 0x36u},
    {0x19e0c9bab2400000u, 0x21eu},
    {0x2c7e14af6800000u, 0x152du},
    {0x1bcecceda1000000u, 0xd3c2u},
    {0x161401484a000000u, 0x84595u},
    {0xdcc80cd2e4000000u, 0x52b7d2u},
    {0x9fd0803ce8000000u, 0x33b2e3cu},
    {0x3e25026110000000u, 0x204fce5eu},
    {0x6d7217caa0000000u, 0x1431e0faeu},
    {0x4674edea40000000u, 0xc9f2c9cd0u},
    {0xc0914b2680000000u, 0x7e37be2022u},
    {0x85acef8100000000u, 0x4ee2d6d415bu},
    {0x38c15b0a00000000u, 0x314dc6448d93u},
    {0x378d8e6400000000u, 0x1ed09bead87c0u},
    {0x2b878fe800000000u, 0x13426172c74d82u},
    {0xb34b9f1000000000u, 0xc097ce7bc90715u},
    {0xf436a000000000u, 0x785ee10d5da46d9u},
    {0x98a224000000000u, 0x4b3b4ca85a86c47au},
    {0x5f65568000000000u, 0xf050fe938943acc4u, 0x2u},
    {0xb9f5610000000000u, 0x6329f1c35ca4bfabu, 0x1du},
    {0x4395ca0000000000u, 0xdfa371a19e6f7cb5u, 0x125u},
    {0xa3d9e40000000000u, 0xbc627050305adf14u, 0xb7au},
    {0x6682e80000000000u, 0x5bd86321e38cb6ceu, 0x72cbu},
    {0x11d100000000000u, 0x9673df52e37f2410u, 0x47bf1u},
    {0xb22a00000000000u, 0xe086b93ce2f768a0u, 0x2cd76fu},
    {0x6f5a400000000000u, 0xc5433c60ddaa1640u, 0x1c06a5eu},
    {0x5986800000000000u, 0xb4a05bc8a8a4de84u, 0x118427b3u},
    {0x7f41000000000000u, 0xe4395d69670b12bu, 0xaf298d05u},
    {0xf88a000000000000u, 0x8ea3da61e066ebb2u, 0x6d79f8232u},
    {0xb564000000000000u, 0x926687d2c40534fdu, 0x446c3b15f9u},
    {0x15e8000000000000u, 0xb8014e3ba83411e9u, 0x2ac3a4edbbfu},
    {0xdb10000000000000u, 0x300d0e549208b31au, 0x1aba4714957du},
    {0x8ea0000000000000u, 0xe0828f4db456ff0cu, 0x10b46c6cdd6e3u},
    {0x9240000000000000u, 0xc51999090b65f67du, 0xa70c3c40a64e6u},
    {0xb680000000000000u, 0xb2fffa5a71fba0e7u, 0x6867a5a867f103u},
    {0x2100000000000000u, 0xfdffc78873d4490du, 0x4140c78940f6a24u},
    {0x4a00000000000000u, 0xebfdcb54864ada83u, 0x28c87cb5c89a2571u},
    {0xe400000000000000u, 0x37e9f14d3eec8920u, 0x97d4df19d6057673u, 0x1u},
    {0xe800000000000000u, 0x2f236d04753d5b48u, 0xee50b7025c36a080u, 0xfu},
    {0x1000000000000000u, 0xd762422c946590d9u, 0x4f2726179a224501u, 0x9fu},
    {0xa000000000000000u, 0x69d695bdcbf7a87au, 0x17877cec0556b212u, 0x639u},
    {0x4000000000000000u, 0x2261d969f7ac94cau, 0xeb4ae1383562f4b8u, 0x3e3au},
    {0x8000000000000000u, 0x57d27e23acbdcfe6u, 0x30eccc3215dd8f31u, 0x26e4du},
    {0x0u, 0x6e38ed64bf6a1f01u, 0xe93ff9f4daa797edu, 0x184f03u},
    {0x0u, 0x4e3945ef7a25360au, 0x1c7fc3908a8bef46u, 0xf31627u},
    {0x0u, 0xe3cbb5ac5741c64u, 0x1cfda3a5697758bfu, 0x97edd87u},
    {0x0u, 0x8e5f518bb6891be8u, 0x21e864761ea97776u, 0x5ef4a747u},
    {0x0u, 0x8fb92f75215b1710u, 0x5313ec9d329eaaa1u, 0x3b58e88c7u},
    {0x0u, 0x9d3bda934d8ee6a0u, 0x3ec73e23fa32aa4fu, 0x25179157c9u},
    {0x0u, 0x245689c107950240u, 0x73c86d67c5faa71cu, 0x172ebad6ddcu},
    {0x0u, 0x6b61618a4bd21680u, 0x85d4460dbbca8719u, 0xe7d34c64a9cu},
    {0x0u, 0x31cdcf66f634e100u, 0x3a4abc8955e946feu, 0x90e40fbeea1du},
    {0x0u, 0xf20a1a059e10ca00u, 0x46eb5d5d5b1cc5edu, 0x5a8e89d752524u},
    {0x0u, 0x746504382ca7e400u, 0xc531a5a58f1fbb4bu, 0x3899162693736au},
    {0x0u, 0x8bf22a31be8ee800u, 0xb3f07877973d50f2u, 0x235fadd81c2822bu},
    {0x0u, 0x7775a5f171951000u, 0x764b4abe8652979u, 0x161bcca7119915b5u},
    {0x0u, 0xaa987b6e6fd2a000u, 0x49ef0eb713f39ebeu, 0xdd15fe86affad912u},
};

// 10^k shifted up until its top bit is set, in one limb (k <= 19) or two, and the reciprocal of
// that: floor((2^128 - 1) / d) - 2^64, or floor((2^192 - 1) / d) - 2^64.
typedef struct {
    mp_limb_t high, low, inverse;
    int shift;
} PowerDivisor;

static const PowerDivisor power_divisors[DECIMAL_WIDE_DIGITS + 1] = {
    {0x8000000000000000u, 0, 0xffffffffffffffffu, 63},
    {0xa000000000000000u, 0, 0x9999999999999999u, 60},
    {0xc800000000000000u, 0, 0x47ae147ae147ae14u, 57},
    {0xfa00000000000000u, 0, 0x624dd2f1a9fbe76u, 54},
    {0x9c40000000000000u, 0, 0xa36e2eb1c432ca57u, 50},
    {0xc350000000000000u, 0, 0x4f8b588e368f0846u, 47},
    {0xf424000000000000u, 0, 0xc6f7a0b5ed8d36bu, 44},
    {0x9896800000000000u, 0, 0xad7f29abcaf48578u, 40},
    {0xbebc200000000000u, 0, 0x5798ee2308c39df9u, 37},
    {0xee6b280000000000u, 0, 0x12e0be826d694b2eu, 34},
    {0x9502f90000000000u, 0, 0xb7cdfd9d7bdbab7du, 30},
    {0xba43b74000000000u, 0, 0x5fd7fe17964955fdu, 27},
    {0xe8d4a51000000000u, 0, 0x19799812dea11197u, 24},
    {0x9184e72a00000000u, 0, 0xc25c268497681c26u, 20},
    {0xb5e620f480000000u, 0, 0x6849b86a12b9b01eu, 17},
    {0xe35fa931a0000000u, 0, 0x203af9ee756159b2u, 14},
    {0x8e1bc9bf04000000u, 0, 0xcd2b297d889bc2b6u, 10},
    {0xb1a2bc2ec5000000u, 0, 0x70ef54646d496892u, 7},
    {0xde0b6b3a76400000u, 0, 0x2725dd1d243aba0eu, 4},
    {0x8ac7230489e80000u, 0, 0xd83c94fb6d2ac34au, 0},
    {0xad78ebc5ac620000u, 0x0u, 0x79ca10c9242235d5u, 61},
    {0xd8d726b7177a8000u, 0x0u, 0x2e3b40a0e9b4f7ddu, 58},
    {0x878678326eac9000u, 0x0u, 0xe392010175ee5962u, 54},
    {0xa968163f0a57b400u, 0x0u, 0x82db34012b25144eu, 51},
    {0xd3c21bcecceda100u, 0x0u, 0x357c299a88ea76a5u, 48},
    {0x84595161401484a0u, 0x0u, 0xef2d0f5da7dd8aa2u, 44},
    {0xa56fa5b99019a5c8u, 0x0u, 0x8c240c4aecb13bb5u, 41},
    {0xcecb8f27f4200f3au, 0x0u, 0x3ce9a36f23c0fc90u, 38},
    {0x813f3978f8940984u, 0x4000000000000000u, 0xfb0f6be50601941bu, 34},
    {0xa18f07d736b90be5u, 0x5000000000000000u, 0x95a5efea6b34767cu, 31},
    {0xc9f2c9cd04674edeu, 0xa400000000000000u, 0x4484bfeebc29f863u, 28},
    {0xfc6f7c4045812296u, 0x4d00000000000000u, 0x39d66589687f9e9u, 25},
    {0x9dc5ada82b70b59du, 0xf020000000000000u, 0x9f623d5a8a732974u, 21},
    {0xc5371912364ce305u, 0x6c28000000000000u, 0x4c4e977ba1f5bac3u, 18},
    {0xf684df56c3e01bc6u, 0xc732000000000000u, 0x9d8792fb4c49569u, 15},
    {0x9a130b963a6c115cu, 0x3c7f400000000000u, 0xa95a5b7f87a0ef0fu, 11},
    {0xc097ce7bc90715b3u, 0x4b9f100000000000u, 0x54484932d2e725a5u, 8},
    {0xf0bdc21abb48db20u, 0x1e86d40000000000u, 0x1039d428a8b8eaeau, 5},
    {0x96769950b50d88f4u, 0x1314448000000000u, 0xb38fb9daa78e44abu, 1},
};

// The topmost 64 bits of 10^0 .. 10^308: 1024 bits hold these.
#define POWER_TOPS 309
static const mp_limb_t power_tops[POWER_TOPS] = {
    0x8000000000000000u, 0xa000000000000000u, 0xc800000000000000u, 0xfa00000000000000u,
    0x9c40000000000000u, 0xc350000000000000u, 0xf424000000000000u, 0x9896800000000000u,
    0xbebc200000000000u, 0xee6b280000000000u, 0x9502f90000000000u, 0xba43b74000000000u,
    0xe8d4a51000000000u, 0x9184e72a00000000u, 0xb5e620f480000000u, 0xe35fa931a0000000u,
    0x8e1bc9bf04000000u, 0xb1a2bc2ec5000000u, 0xde0b6b3a76400000u, 0x8ac7230489e80000u,
    0xad78ebc5ac620000u, 0xd8d726b7177a8000u, 0x878678326eac9000u, 0xa968163f0a57b400u,
    0xd3c21bcecceda100u, 0x84595161401484a0u, 0xa56fa5b99019a5c8u, 0xcecb8f27f4200f3au,
    0x813f3978f8940984u, 0xa18f07d736b90be5u, 0xc9f2c9cd04674edeu, 0xfc6f7c4045812296u,
    0x9dc5ada82b70b59du, 0xc5371912364ce305u, 0xf684df56c3e01bc6u, 0x9a130b963a6c115cu,
    0xc097ce7bc90715b3u, 0xf0bdc21abb48db20u, 0x96769950b50d88f4u, 0xbc143fa4e250eb31u,
    0xeb194f8e1ae525fdu, 0x92efd1b8d0cf37beu, 0xb7abc627050305adu, 0xe596b7b0c643c719u,
    0x8f7e32ce7bea5c6fu, 0xb35dbf821ae4f38bu, 0xe0352f62a19e306eu, 0x8c213d9da502de45u,
    0xaf298d050e4395d6u, 0xdaf3f04651d47b4cu, 0x88d8762bf324cd0fu, 0xab0e93b6efee0053u,
    0xd5d238a4abe98068u, 0x85a36366eb71f041u, 0xa70c3c40a64e6c51u, 0xd0cf4b50cfe20765u,
    0x82818f1281ed449fu, 0xa321f2d7226895c7u, 0xcbea6f8ceb02bb39u, 0xfee50b7025c36a08u,
    0x9f4f2726179a2245u, 0xc722f0ef9d80aad6u, 0xf8ebad2b84e0d58bu, 0x9b934c3b330c8577u,
    0xc2781f49ffcfa6d5u, 0xf316271c7fc3908au, 0x97edd871cfda3a56u, 0xbde94e8e43d0c8ecu,
    0xed63a231d4c4fb27u, 0x945e455f24fb1cf8u, 0xb975d6b6ee39e436u, 0xe7d34c64a9c85d44u,
    0x90e40fbeea1d3a4au, 0xb51d13aea4a488ddu, 0xe264589a4dcdab14u, 0x8d7eb76070a08aecu,
    0xb0de65388cc8ada8u, 0xdd15fe86affad912u, 0x8a2dbf142dfcc7abu, 0xacb92ed9397bf996u,
    0xd7e77a8f87daf7fbu, 0x86f0ac99b4e8dafdu, 0xa8acd7c0222311bcu, 0xd2d80db02aabd62bu,
    0x83c7088e1aab65dbu, 0xa4b8cab1a1563f52u, 0xcde6fd5e09abcf26u, 0x80b05e5ac60b6178u,
    0xa0dc75f1778e39d6u, 0xc913936dd571c84cu, 0xfb5878494ace3a5fu, 0x9d174b2dcec0e47bu,
    0xc45d1df942711d9au, 0xf5746577930d6500u, 0x9968bf6abbe85f20u, 0xbfc2ef456ae276e8u,
    0xefb3ab16c59b14a2u, 0x95d04aee3b80ece5u, 0xbb445da9ca61281fu, 0xea1575143cf97226u,
    0x924d692ca61be758u, 0xb6e0c377cfa2e12eu, 0xe498f455c38b997au, 0x8edf98b59a373fecu,
    0xb2977ee300c50fe7u, 0xdf3d5e9bc0f653e1u, 0x8b865b215899f46cu, 0xae67f1e9aec07187u,
    0xda01ee641a708de9u, 0x884134fe908658b2u, 0xaa51823e34a7eedeu, 0xd4e5e2cdc1d1ea96u,
    0x850fadc09923329eu, 0xa6539930bf6bff45u, 0xcfe87f7cef46ff16u, 0x81f14fae158c5f6eu,
    0xa26da3999aef7749u, 0xcb090c8001ab551cu, 0xfdcb4fa002162a63u, 0x9e9f11c4014dda7eu,
    0xc646d63501a1511du, 0xf7d88bc24209a565u, 0x9ae757596946075fu, 0xc1a12d2fc3978937u,
    0xf209787bb47d6b84u, 0x9745eb4d50ce6332u, 0xbd176620a501fbffu, 0xec5d3fa8ce427affu,
    0x93ba47c980e98cdfu, 0xb8a8d9bbe123f017u, 0xe6d3102ad96cec1du, 0x9043ea1ac7e41392u,
    0xb454e4a179dd1877u, 0xe16a1dc9d8545e94u, 0x8ce2529e2734bb1du, 0xb01ae745b101e9e4u,
    0xdc21a1171d42645du, 0x899504ae72497ebau, 0xabfa45da0edbde69u, 0xd6f8d7509292d603u,
    0x865b86925b9bc5c2u, 0xa7f26836f282b732u, 0xd1ef0244af2364ffu, 0x8335616aed761f1fu,
    0xa402b9c5a8d3a6e7u, 0xcd036837130890a1u, 0x802221226be55a64u, 0xa02aa96b06deb0fdu,
    0xc83553c5c8965d3du, 0xfa42a8b73abbf48cu, 0x9c69a97284b578d7u, 0xc38413cf25e2d70du,
    0xf46518c2ef5b8cd1u, 0x98bf2f79d5993802u, 0xbeeefb584aff8603u, 0xeeaaba2e5dbf6784u,
    0x952ab45cfa97a0b2u, 0xba756174393d88dfu, 0xe912b9d1478ceb17u, 0x91abb422ccb812eeu,
    0xb616a12b7fe617aau, 0xe39c49765fdf9d94u, 0x8e41ade9fbebc27du, 0xb1d219647ae6b31cu,
    0xde469fbd99a05fe3u, 0x8aec23d680043beeu, 0xada72ccc20054ae9u, 0xd910f7ff28069da4u,
    0x87aa9aff79042286u, 0xa99541bf57452b28u, 0xd3fa922f2d1675f2u, 0x847c9b5d7c2e09b7u,
    0xa59bc234db398c25u, 0xcf02b2c21207ef2eu, 0x8161afb94b44f57du, 0xa1ba1ba79e1632dcu,
    0xca28a291859bbf93u, 0xfcb2cb35e702af78u, 0x9defbf01b061adabu, 0xc56baec21c7a1916u,
    0xf6c69a72a3989f5bu, 0x9a3c2087a63f6399u, 0xc0cb28a98fcf3c7fu, 0xf0fdf2d3f3c30b9fu,
    0x969eb7c47859e743u, 0xbc4665b596706114u, 0xeb57ff22fc0c7959u, 0x9316ff75dd87cbd8u,
    0xb7dcbf5354e9beceu, 0xe5d3ef282a242e81u, 0x8fa475791a569d10u, 0xb38d92d760ec4455u,
    0xe070f78d3927556au, 0x8c469ab843b89562u, 0xaf58416654a6babbu, 0xdb2e51bfe9d0696au,
    0x88fcf317f22241e2u, 0xab3c2fddeeaad25au, 0xd60b3bd56a5586f1u, 0x85c7056562757456u,
    0xa738c6bebb12d16cu, 0xd106f86e69d785c7u, 0x82a45b450226b39cu, 0xa34d721642b06084u,
    0xcc20ce9bd35c78a5u, 0xff290242c83396ceu, 0x9f79a169bd203e41u, 0xc75809c42c684dd1u,
    0xf92e0c3537826145u, 0x9bbcc7a142b17ccbu, 0xc2abf989935ddbfeu, 0xf356f7ebf83552feu,
    0x98165af37b2153deu, 0xbe1bf1b059e9a8d6u, 0xeda2ee1c7064130cu, 0x9485d4d1c63e8be7u,
    0xb9a74a0637ce2ee1u, 0xe8111c87c5c1ba99u, 0x910ab1d4db9914a0u, 0xb54d5e4a127f59c8u,
    0xe2a0b5dc971f303au, 0x8da471a9de737e24u, 0xb10d8e1456105dadu, 0xdd50f1996b947518u,
    0x8a5296ffe33cc92fu, 0xace73cbfdc0bfb7bu, 0xd8210befd30efa5au, 0x8714a775e3e95c78u,
    0xa8d9d1535ce3b396u, 0xd31045a8341ca07cu, 0x83ea2b892091e44du, 0xa4e4b66b68b65d60u,
    0xce1de40642e3f4b9u, 0x80d2ae83e9ce78f3u, 0xa1075a24e4421730u, 0xc94930ae1d529cfcu,
    0xfb9b7cd9a4a7443cu, 0x9d412e0806e88aa5u, 0xc491798a08a2ad4eu, 0xf5b5d7ec8acb58a2u,
    0x9991a6f3d6bf1765u, 0xbff610b0cc6edd3fu, 0xeff394dcff8a948eu, 0x95f83d0a1fb69cd9u,
    0xbb764c4ca7a4440fu, 0xea53df5fd18d5513u, 0x92746b9be2f8552cu, 0xb7118682dbb66a77u,
    0xe4d5e82392a40515u, 0x8f05b1163ba6832du, 0xb2c71d5bca9023f8u, 0xdf78e4b2bd342cf6u,
    0x8bab8eefb6409c1au, 0xae9672aba3d0c320u, 0xda3c0f568cc4f3e8u, 0x8865899617fb1871u,
    0xaa7eebfb9df9de8du, 0xd51ea6fa85785631u, 0x8533285c936b35deu, 0xa67ff273b8460356u,
    0xd01fef10a657842cu, 0x8213f56a67f6b29bu, 0xa298f2c501f45f42u, 0xcb3f2f7642717713u,
    0xfe0efb53d30dd4d7u, 0x9ec95d1463e8a506u, 0xc67bb4597ce2ce48u, 0xf81aa16fdc1b81dau,
    0x9b10a4e5e9913128u, 0xc1d4ce1f63f57d72u, 0xf24a01a73cf2dccfu, 0x976e41088617ca01u,
    0xbd49d14aa79dbc82u, 0xec9c459d51852ba2u, 0x93e1ab8252f33b45u, 0xb8da1662e7b00a17u,
    0xe7109bfba19c0c9du, 0x906a617d450187e2u, 0xb484f9dc9641e9dau, 0xe1a63853bbd26451u,
    0x8d07e33455637eb2u, 0xb049dc016abc5e5fu, 0xdc5c5301c56b75f7u, 0x89b9b3e11b6329bau,
    0xac2820d9623bf429u, 0xd732290fbacaf133u, 0x867f59a9d4bed6c0u, 0xa81f301449ee8c70u,
    0xd226fc195c6a2f8cu, 0x83585d8fd9c25db7u, 0xa42e74f3d032f525u, 0xcd3a1230c43fb26fu,
    0x80444b5e7aa7cf85u, 0xa0555e361951c366u, 0xc86ab5c39fa63440u, 0xfa856334878fc150u,
    0x9c935e00d4b9d8d2u, 0xc3b8358109e84f07u, 0xf4a642e14c6262c8u, 0x98e7e9cccfbd7dbdu,
    0xbf21e44003acdd2cu, 0xeeea5d5004981478u, 0x95527a5202df0ccbu, 0xbaa718e68396cffdu,
    0xe950df20247c83fdu, 0x91d28b7416cdd27eu, 0xb6472e511c81471du, 0xe3d8f9e563a198e5u,
    0x8e679c2f5e44ff8fu};

// ---- memory -----------------------------------------------------------------------------------

#define LIMBS_UNCHECKED ((int64_t)1 << 15)

int decimal_check_room(int64_t limbs) {
    if (LIKELY(limbs <= LIMBS_UNCHECKED))
        return 0;
    // GMP takes a few times as much for itself.
    void *trial = limbs > DECIMAL_LIMBS_MAX ? NULL : buffer_allocate((size_t)limbs * 32);
    if (!trial) {
        raise_memory_error();
        return -1;
    }
    buffer_free(trial);
    return 0;
}

int decimal_reserve_more(DecimalNumber *n, int64_t count, int64_t keep) {
    if (decimal_check_room(count) < 0)
        return -1;
    mp_limb_t *limbs = buffer_allocate((size_t)count * sizeof *limbs);
    if (UNLIKELY(!limbs)) {
        raise_memory_error();
        return -1;
    }
    if (keep > 0)
        memcpy(limbs, n->limbs, (size_t)keep * sizeof *limbs);
    if (n->limbs != n->local)
        buffer_free(n->limbs);
    n->limbs = limbs;
    n->room = count;
    return 0;
}

// ---- digits -----------------------------------------------------------------------------------

#define LOG10_2 0x4d104d427de7fbccu // times 2^64

int decimal_compare_magnitudes(const mp_limb_t *a, int64_t a_count, const mp_limb_t *b,
                               int64_t b_count) {
    if (a_count != b_count)
        return a_count < b_count ? -1 : 1;
    for (int64_t i = a_count - 1; i >= 0; i--)
        if (a[i] != b[i])
            return a[i] < b[i] ? -1 : 1;
    return 0;
}

// The topmost 64 bits.
static mp_limb_t top_bits(const mp_limb_t *limbs, int64_t count) {
    mp_limb_t top = limbs[count - 1];
    int shift = __builtin_clzll(top);
    return shift && count > 1 ? top << shift | limbs[count - 2] >> (64 - shift) : top << shift;
}

// Is the number at least 10^k, if one of them has as many bits? -1 with MemoryError. Floating point
// tells, unless it is too near: then the power is computed.
static int reaches_power(const mp_limb_t *limbs, int64_t count, int64_t bits, int64_t k) {
    mp_limb_t top = top_bits(limbs, count);
    if (k < POWER_TOPS) {
        if (LIKELY(top != power_tops[k]))
            return top > power_tops[k];
    } else {
        long double log = (__builtin_log2l((long double)top) + (long double)(bits - 64)) *
                          0.30102999566398119521373889472449302677L;
        long double error = 1e-15L + log * 1e-18L;
        if (log > (long double)k + error)
            return 1;
        if (log < (long double)k - error)
            return 0;
    }
    DecimalNumber power;
    decimal_init(&power);
    int reached = -1;
    if (decimal_power_of_ten(&power, k) == 0)
        reached = decimal_compare_magnitudes(limbs, count, power.limbs, power.count) >= 0;
    decimal_clear(&power);
    return reached;
}

// The bit length tells most, unless a power of ten lies between the shortest and the longest number
// of that length.
int64_t decimal_digits_large(const mp_limb_t *limbs, int64_t count) {
    int64_t bits = count * 64 - __builtin_clzll(limbs[count - 1]);
    int64_t least = (int64_t)((DecimalWide)(uint64_t)(bits - 1) * LOG10_2 >> 64);
    int64_t most = (int64_t)((DecimalWide)(uint64_t)bits * LOG10_2 >> 64);
    if (least == most)
        return least + 1;
    int reached = reaches_power(limbs, count, bits, most);
    return reached < 0 ? -1 : most + reached;
}

// ---- multiplying ------------------------------------------------------------------------------

// The product of one or two limbs by one or two, as four.
static inline int64_t multiply_small(mp_limb_t *out, const mp_limb_t *a, int64_t a_count,
                                     const mp_limb_t *b, int64_t b_count) {
    mp_limb_t a0 = a[0], a1 = a_count > 1 ? a[1] : 0, b0 = b[0], b1 = b_count > 1 ? b[1] : 0;
    DecimalWide low = (DecimalWide)a0 * b0, left = (DecimalWide)a1 * b0,
                right = (DecimalWide)a0 * b1;
    DecimalWide middle = (low >> 64) + (mp_limb_t)left + (mp_limb_t)right;
    DecimalWide high = (DecimalWide)a1 * b1 + (left >> 64) + (right >> 64) + (middle >> 64);
    out[0] = (mp_limb_t)low;
    out[1] = (mp_limb_t)middle;
    out[2] = (mp_limb_t)high;
    out[3] = (mp_limb_t)(high >> 64);
    int64_t count = a_count + b_count;
    return count - (out[count - 1] == 0);
}

// n's limbs become the product, of factors that are not 0; n->digits is left to the caller.
static int multiply_any(DecimalNumber *n, const mp_limb_t *a, int64_t a_count, const mp_limb_t *b,
                        int64_t b_count) {
    if (LIKELY(a_count <= 2 && b_count <= 2)) {
        n->count = multiply_small(n->limbs, a, a_count, b, b_count);
        return 0;
    }
    int64_t count = a_count + b_count;
    if (decimal_reserve(n, count) < 0)
        return -1;
    if (a == b && a_count == b_count)
        mpn_sqr(n->limbs, a, a_count);
    else if (a_count >= b_count)
        mpn_mul(n->limbs, a, a_count, b, b_count);
    else
        mpn_mul(n->limbs, b, b_count, a, a_count);
    n->count = count - (n->limbs[count - 1] == 0);
    return 0;
}

int decimal_multiply_limbs(DecimalNumber *n, const mp_limb_t *a, int64_t a_count,
                           const mp_limb_t *b, int64_t b_count) {
    if (a_count == 0 || b_count == 0) {
        decimal_set_wide(n, 0);
        return 0;
    }
    return multiply_any(n, a, a_count, b, b_count) < 0 ? -1 : decimal_settle(n, n->count);
}

static inline int64_t power_limbs(int64_t k) { // of 10^k, k < DECIMAL_POWER_ROWS
    return 1 + (k >= 20) + (k >= 39) + (k >= 58);
}

int decimal_power_of_ten(DecimalNumber *n, int64_t k) {
    if (k < DECIMAL_POWER_ROWS) {
        n->count = power_limbs(k);
        memcpy(n->limbs, decimal_power_rows[k], (size_t)n->count * sizeof *n->limbs);
        n->digits = k + 1;
        return 0;
    }
    // 3322/1000 > log2(10)
    if (k > DECIMAL_LIMBS_MAX / 3322 * 64000) {
        raise_memory_error();
        return -1;
    }
    int64_t room = k * 3322 / 64000 + 2, low = k / 64;
    if (decimal_reserve(n, room) < 0)
        return -1;
    mpz_t five;
    mpz_init(five);
    mpz_ui_pow_ui(five, 5, (unsigned long)k);
    int64_t count = (int64_t)mpz_size(five);
    memset(n->limbs, 0, (size_t)low * sizeof *n->limbs);
    n->limbs[low + count] = 0;
    if (k % 64)
        n->limbs[low + count] = mpn_lshift(n->limbs + low, mpz_limbs_read(five), count, k % 64);
    else
        memcpy(n->limbs + low, mpz_limbs_read(five), (size_t)count * sizeof *n->limbs);
    mpz_clear(five);
    n->count = low + count + (n->limbs[low + count] != 0);
    n->digits = k + 1;
    return 0;
}

int decimal_scale_up(DecimalNumber *n, const DecimalView *a, int64_t k) {
    int result = 0;
    if (a->count == 0) {
        decimal_set_wide(n, 0);
        return 0;
    }
    if (k < DECIMAL_POWER_ROWS) {
        result = multiply_any(n, a->limbs, a->count, decimal_power_rows[k], power_limbs(k));
    } else {
        DecimalNumber power;
        decimal_init(&power);
        result = decimal_power_of_ten(&power, k);
        if (result == 0)
            result = multiply_any(n, a->limbs, a->count, power.limbs, power.count);
        decimal_clear(&power);
    }
    n->digits = a->digits + k;
    return result;
}

// ---- dividing ---------------------------------------------------------------------------------

// (high, low) / d for high < d, d's top bit set.
static inline mp_limb_t divide_step(mp_limb_t high, mp_limb_t low, mp_limb_t d, mp_limb_t inverse,
                                    mp_limb_t *remainder) {
    DecimalWide guess = (DecimalWide)inverse * high + ((DecimalWide)high << 64 | low);
    mp_limb_t quotient = (mp_limb_t)(guess >> 64) + 1, rest = low - quotient * d;
    if (rest > (mp_limb_t)guess) {
        quotient--;
        rest += d;
    }
    if (UNLIKELY(rest >= d)) {
        quotient++;
        rest -= d;
    }
    *remainder = rest;
    return quotient;
}

// (high, low) / d for high < d of two limbs, d's top bit set.
static inline mp_limb_t divide_step_wide(DecimalWide high, mp_limb_t low, DecimalWide d,
                                         mp_limb_t inverse, DecimalWide *remainder) {
    mp_limb_t high1 = (mp_limb_t)(high >> 64), high0 = (mp_limb_t)high;
    DecimalWide guess = (DecimalWide)inverse * high1 + high;
    mp_limb_t quotient = (mp_limb_t)(guess >> 64);
    mp_limb_t rest1 = high0 - quotient * (mp_limb_t)(d >> 64);
    DecimalWide rest = ((DecimalWide)rest1 << 64 | low) - (DecimalWide)quotient * (mp_limb_t)d - d;
    quotient++;
    if ((mp_limb_t)(rest >> 64) >= (mp_limb_t)guess) {
        quotient--;
        rest += d;
    }
    if (UNLIKELY(rest >= d)) {
        quotient++;
        rest -= d;
    }
    *remainder = rest;
    return quotient;
}

static inline mp_limb_t shifted_limb(const mp_limb_t *limbs, int64_t i, int shift) {
    mp_limb_t limb = limbs[i] << shift;
    return shift && i > 0 ? limb | limbs[i - 1] >> (64 - shift) : limb;
}
static inline mp_limb_t shifted_out(mp_limb_t top, int shift) {
    return shift ? top >> (64 - shift) : 0;
}

// quotient (count limbs, may be the numerator) = numerator / d. Gives the remainder.
static inline DecimalWide divide_by(mp_limb_t *quotient, const mp_limb_t *numerator, int64_t count,
                                    const PowerDivisor *d, bool wide) {
    int shift = d->shift;
    mp_limb_t top = shifted_out(numerator[count - 1], shift);
    if (!wide) {
        for (int64_t i = count - 1; i >= 0; i--) // the quotient's limb i is written after its use
            quotient[i] =
                divide_step(top, shifted_limb(numerator, i, shift), d->high, d->inverse, &top);
        return top >> shift;
    }
    DecimalWide divisor = (DecimalWide)d->high << 64 | d->low;
    DecimalWide rest = (DecimalWide)top << 64 | shifted_limb(numerator, count - 1, shift);
    quotient[count - 1] = 0;
    for (int64_t i = count - 2; i >= 0; i--)
        quotient[i] =
            divide_step_wide(rest, shifted_limb(numerator, i, shift), divisor, d->inverse, &rest);
    return rest >> shift;
}

static inline DecimalWide divide_by_power(mp_limb_t *quotient, const mp_limb_t *numerator,
                                          int64_t count, int64_t k) {
    return divide_by(quotient, numerator, count, &power_divisors[k], k > DECIMAL_LIMB_DIGITS);
}

static PowerDivisor limb_divisor(mp_limb_t d) {
    int shift = __builtin_clzll(d);
    d <<= shift;
    return (PowerDivisor){d, 0, (mp_limb_t)(((DecimalWide)~d << 64 | ~(mp_limb_t)0) / d), shift};
}

static PowerDivisor wide_divisor(DecimalWide d) {
    PowerDivisor divisor;
    divisor.shift = __builtin_clzll((mp_limb_t)(d >> 64));
    d <<= divisor.shift;
    mp_limb_t high = (mp_limb_t)(d >> 64), low = (mp_limb_t)d;
    mp_limb_t inverse = (mp_limb_t)(((DecimalWide)~high << 64 | ~(mp_limb_t)0) / high);
    mp_limb_t p = high * inverse + low;
    if (p < low) {
        inverse--;
        if (p >= high) {
            inverse--;
            p -= high;
        }
        p -= high;
    }
    DecimalWide t = (DecimalWide)inverse * low;
    p += (mp_limb_t)(t >> 64);
    if (p < (mp_limb_t)(t >> 64)) {
        inverse--;
        if (((DecimalWide)p << 64 | (mp_limb_t)t) >= d)
            inverse--;
    }
    divisor.high = high;
    divisor.low = low;
    divisor.inverse = inverse;
    return divisor;
}

// quotient (total limbs) = numerator / a divisor of one or two limbs. Gives the remainder.
static DecimalWide divide_small(mp_limb_t *quotient, const mp_limb_t *numerator, int64_t total,
                                const mp_limb_t *divisor, int64_t count) {
    PowerDivisor d = count == 1 ? limb_divisor(divisor[0]) : wide_divisor(decimal_wide(divisor, 2));
    return divide_by(quotient, numerator, total, &d, count == 2);
}

int decimal_divide_limbs(DecimalNumber *quotient, DecimalNumber *numerator,
                         const mp_limb_t *divisor, int64_t count) {
    int64_t total = numerator->count;
    if (total < count) {
        decimal_set_wide(quotient, 0);
        return 0;
    }
    if (decimal_reserve(quotient, total - count + 2) < 0)
        return -1;
    if (count <= 2) {
        DecimalWide rest = divide_small(quotient->limbs, numerator->limbs, total, divisor, count);
        decimal_set_wide(numerator, rest);
        return decimal_settle(quotient, total);
    }
    if (decimal_check_room(total) < 0)
        return -1;
    mpn_tdiv_qr(quotient->limbs, numerator->limbs, 0, numerator->limbs, total, divisor, count);
    if (decimal_settle(numerator, count) < 0)
        return -1;
    return decimal_settle(quotient, total - count + 1);
}

static DecimalRest rest_of(int half, bool zero) {
    return half < 0    ? zero ? DECIMAL_REST_NONE : DECIMAL_REST_BELOW
           : half == 0 ? DECIMAL_REST_HALF
                       : DECIMAL_REST_ABOVE;
}

static inline int64_t trim(const mp_limb_t *limbs, int64_t count) {
    while (count > 0 && limbs[count - 1] == 0)
        count--;
    return count;
}

// Some limbs, at most a few, lose k digits. dropped: there were digits behind these.
static inline DecimalRest drop_digits(mp_limb_t *limbs, int64_t *count, int64_t k, bool dropped) {
    for (; k > DECIMAL_WIDE_DIGITS; k -= DECIMAL_WIDE_DIGITS) {
        dropped |= divide_by_power(limbs, limbs, *count, DECIMAL_WIDE_DIGITS) != 0;
        *count = trim(limbs, *count);
        if (*count == 0)
            return DECIMAL_REST_BELOW;
    }
    DecimalWide half = decimal_wide_power(k) >> 1, rest = divide_by_power(limbs, limbs, *count, k);
    *count = trim(limbs, *count);
    int order = rest < half ? -1 : rest > half || dropped;
    return rest_of(order, rest == 0 && !dropped);
}

static int scale_down_large(DecimalNumber *n, int64_t k, DecimalRest *rest) {
    DecimalNumber power, quotient;
    decimal_init(&power);
    decimal_init(&quotient);
    int result = decimal_power_of_ten(&power, k);
    if (result == 0)
        result = decimal_divide_limbs(&quotient, n, power.limbs, power.count);
    if (result == 0) { // what is dropped, doubled, against 10^k
        bool zero = n->count == 0;
        int order = -1;
        if (!zero) {
            mpn_rshift(power.limbs, power.limbs, power.count, 1);
            power.count -= power.limbs[power.count - 1] == 0;
            order = decimal_compare_magnitudes(n->limbs, n->count, power.limbs, power.count);
        }
        *rest = rest_of(order, zero);
        result = decimal_reserve(n, quotient.count);
        n->count = 0;
        if (result == 0 && quotient.count > 0) {
            memcpy(n->limbs, quotient.limbs, (size_t)quotient.count * sizeof *n->limbs);
            n->count = quotient.count;
        }
    }
    decimal_clear(&power);
    decimal_clear(&quotient);
    return result;
}

int decimal_scale_down(DecimalNumber *n, int64_t k, DecimalRest *rest) {
    *rest = DECIMAL_REST_NONE;
    if (k <= 0 || n->count == 0)
        return 0;
    if (k > n->digits) {
        decimal_set_wide(n, 0);
        *rest = DECIMAL_REST_BELOW;
        return 0;
    }
    int64_t digits = n->digits - k;
    if (LIKELY(n->count <= DECIMAL_FEW_LIMBS))
        *rest = drop_digits(n->limbs, &n->count, k, false);
    else if (scale_down_large(n, k, rest) < 0)
        return -1;
    n->digits = digits > 0 ? digits : 1;
    return 0;
}

// ---- results of a few limbs -------------------------------------------------------------------

// The rest of decimal_finish() for n = limbs, a magnitude of at most DECIMAL_FEW_LIMBS, that is
// spoilt; `inexact`: it was cut off. n's kind, sign and exponent are set.
static int finish_few(DecimalNumber *n, mp_limb_t *limbs, int64_t count, bool inexact,
                      DecimalSettings *s) {
    int64_t digits = count > DECIMAL_LOCAL_LIMBS ? decimal_digits_large(limbs, count)
                     : count > 0                 ? decimal_digits_small(limbs, count)
                                                 : 1;
    int64_t drop = digits - s->precision, adjusted = n->exponent + digits - 1;
    DecimalRest rest = DECIMAL_REST_NONE;
    bool plain = drop > 0 && adjusted <= s->exponent_max && adjusted >= s->exponent_min;
    if (plain) { // of what decimal_finish() does only this is left
        rest = drop_digits(limbs, &count, drop, inexact);
        n->exponent += drop;
        digits = s->precision;
    } else if (inexact) { // a last digit that is neither exact nor a half; 0 or 5: no carry
        limbs[0] += mpn_mod_1(limbs, count, 5) == 0;
    }
    if (decimal_reserve(n, count) < 0)
        return -1;
    for (int64_t i = 0; i < count; i++)
        n->limbs[i] = limbs[i];
    n->count = count;
    n->digits = digits;
    return plain ? decimal_finish_rounded(n, rest, s) : decimal_finish(n, s);
}

// The product of factors that are not 0, on the stack. Gives its limbs.
static inline int64_t multiply_stack(mp_limb_t *product, const mp_limb_t *a, int64_t a_count,
                                     const mp_limb_t *b, int64_t b_count) {
    if (a_count <= 2 && b_count <= 2)
        return multiply_small(product, a, a_count, b, b_count);
    if (a_count >= b_count)
        mpn_mul(product, a, a_count, b, b_count);
    else
        mpn_mul(product, b, b_count, a, a_count);
    int64_t count = a_count + b_count;
    return count - (product[count - 1] == 0);
}

int decimal_multiply_few(DecimalNumber *n, const DecimalView *a, const DecimalView *b,
                         DecimalSettings *s) {
    mp_limb_t product[DECIMAL_FEW_LIMBS];
    int64_t count = multiply_stack(product, a->limbs, a->count, b->limbs, b->count);
    return finish_few(n, product, count, false, s);
}

int decimal_divide_few(DecimalNumber *n, const DecimalView *a, const DecimalView *b, int64_t shift,
                       DecimalSettings *s) {
    mp_limb_t numerator[DECIMAL_FEW_LIMBS], quotient[DECIMAL_FEW_LIMBS];
    int64_t total = multiply_stack(numerator, a->limbs, a->count, decimal_power_rows[shift],
                                   power_limbs(shift));
    int64_t count = total;
    bool inexact;
    if (b->count <= 2) {
        inexact = divide_small(quotient, numerator, total, b->limbs, b->count) != 0;
    } else {
        mpn_tdiv_qr(quotient, numerator, 0, numerator, total, b->limbs, b->count);
        count = total - b->count + 1;
        inexact = trim(numerator, b->count) > 0;
    }
    count = trim(quotient, count);
    n->exponent = a->exponent - b->exponent - shift;
    if (inexact)
        return finish_few(n, quotient, count, true, s);
    if (decimal_reserve(n, count) < 0)
        return -1;
    memcpy(n->limbs, quotient, (size_t)count * sizeof *quotient);
    if (decimal_settle(n, count) < 0 || decimal_strip(n, shift) < 0)
        return -1;
    return decimal_finish(n, s);
}

int decimal_keep_low(DecimalNumber *n, int64_t k) {
    if (n->digits <= k)
        return 0;
    DecimalNumber power, quotient;
    decimal_init(&power);
    decimal_init(&quotient);
    int result = decimal_power_of_ten(&power, k);
    if (result == 0)
        result = decimal_divide_limbs(&quotient, n, power.limbs, power.count);
    decimal_clear(&power);
    decimal_clear(&quotient);
    return result;
}

// Takes k zeros off, if there are so many: 1, else 0, or -1.
static int strip_exactly(DecimalNumber *n, int64_t k) {
    int result;
    if (k <= DECIMAL_WIDE_DIGITS && n->count <= DECIMAL_LOCAL_LIMBS) {
        mp_limb_t quotient[DECIMAL_LOCAL_LIMBS];
        if (k > DECIMAL_LIMB_DIGITS && n->count < 2)
            return 0;
        if (divide_by_power(quotient, n->limbs, n->count, k) != 0)
            return 0;
        memcpy(n->limbs, quotient, (size_t)n->count * sizeof *quotient);
        while (n->limbs[n->count - 1] == 0)
            n->count--;
        result = 1;
    } else {
        DecimalNumber copy;
        DecimalRest rest;
        decimal_init(&copy);
        DecimalView view = decimal_view(n);
        result = decimal_copy(&copy, &view);
        if (result == 0)
            result = decimal_scale_down(&copy, k, &rest);
        if (result == 0 && rest == DECIMAL_REST_NONE) {
            memcpy(n->limbs, copy.limbs, (size_t)copy.count * sizeof *n->limbs);
            n->count = copy.count;
            result = 1;
        }
        decimal_clear(&copy);
    }
    if (result == 1) {
        n->digits -= k;
        n->exponent += k;
    }
    return result;
}

// A power of ten divides no number that 2 does not divide as often.
static int64_t low_zero_bits(const DecimalNumber *n) {
    int64_t i = 0;
    while (n->limbs[i] == 0)
        i++;
    return i * 64 + __builtin_ctzll(n->limbs[i]);
}

int decimal_strip(DecimalNumber *n, int64_t limit) {
    int64_t most = low_zero_bits(n);
    most = most < limit ? most : limit;
    most = most < n->digits - 1 ? most : n->digits - 1;
    if (most <= 0)
        return 0;
    for (int64_t k = (int64_t)1 << (63 - __builtin_clzll((uint64_t)most)); k > 0; k >>= 1) {
        int stripped = k <= most ? strip_exactly(n, k) : 0;
        if (stripped < 0)
            return -1;
        if (stripped)
            most -= k;
    }
    return 0;
}

// ---- digits -----------------------------------------------------------------------------------

void decimal_take_digits(mp_limb_t *limbs, int64_t *count, mp_limb_t *high, mp_limb_t *low) {
    DecimalWide taken = *count > 0 ? divide_by_power(limbs, limbs, *count, DECIMAL_WIDE_DIGITS) : 0;
    mp_limb_t rest[2] = {(mp_limb_t)taken, (mp_limb_t)(taken >> 64)};
    *low = (mp_limb_t)divide_by_power(rest, rest, 2, DECIMAL_LIMB_DIGITS);
    *high = rest[0];
    *count = trim(limbs, *count);
}

// ---- from digits ------------------------------------------------------------------------------

static mp_limb_t limb_of_digits(const char *digits, int64_t count) { // count <= 19
    mp_limb_t n = 0;
    for (int64_t i = 0; i < count; i++)
        n = n * 10 + (mp_limb_t)(digits[i] - '0');
    return n;
}

int decimal_from_digits(DecimalNumber *n, const char *digits, int64_t count) {
    while (count > 0 && *digits == '0') {
        digits++;
        count--;
    }
    if (count <= DECIMAL_LIMB_DIGITS) {
        decimal_set_wide(n, limb_of_digits(digits, count));
        return 0;
    }
    if (count < DECIMAL_POWER_ROWS) {
        int64_t first = count % DECIMAL_LIMB_DIGITS;
        n->limbs[0] = limb_of_digits(digits, first);
        n->count = 1;
        for (int64_t i = first; i < count; i += DECIMAL_LIMB_DIGITS) {
            mp_limb_t carry =
                mpn_mul_1(n->limbs, n->limbs, n->count, decimal_power_rows[DECIMAL_LIMB_DIGITS][0]);
            carry += mpn_add_1(n->limbs, n->limbs, n->count,
                               limb_of_digits(digits + i, DECIMAL_LIMB_DIGITS));
            if (carry)
                n->limbs[n->count++] = carry;
        }
        while (n->limbs[n->count - 1] == 0)
            n->count--;
        n->digits = count;
        return 0;
    }
    int64_t room = count / 19 + 2;
    if (decimal_reserve(n, room) < 0)
        return -1;
    unsigned char *values = buffer_allocate((size_t)count);
    if (!values) {
        raise_memory_error();
        return -1;
    }
    for (int64_t i = 0; i < count; i++)
        values[i] = (unsigned char)(digits[i] - '0');
    n->count = mpn_set_str(n->limbs, values, (size_t)count, 10);
    n->digits = count;
    buffer_free(values);
    return 0;
}
