//===- RandomNest.cpp - Multiply-add nests and their meaning --------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Text and reference of a nest come from the same table, and nothing else.
//
//===----------------------------------------------------------------------===//

#include "RandomNest.h"
#include "llvm/ADT/APFloat.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/raw_ostream.h"
#include <algorithm>
#include <cstdlib>
#include <cstring>

using namespace conveinsum::test;

/// The type of the parts of a complex type, or the type itself.
static llvm::StringRef partOf(llvm::StringRef type) {
  if (type.consume_front("complex<"))
    type.consume_back(">");
  return type;
}

static unsigned partBytes(llvm::StringRef type) {
  unsigned bits = 0;
  type.ltrim("bfi").getAsInteger(10, bits);
  return bits / 8;
}

static unsigned elementBytes(llvm::StringRef type) {
  return partBytes(partOf(type)) * (type.starts_with("complex") ? 2 : 1);
}

static const llvm::fltSemantics &semanticsOf(llvm::StringRef type) {
  if (type == "bf16")
    return llvm::APFloat::BFloat();
  if (type == "f16")
    return llvm::APFloat::IEEEhalf();
  return type == "f32" ? llvm::APFloat::IEEEsingle()
                       : llvm::APFloat::IEEEdouble();
}

static uint64_t encode(llvm::StringRef type, double value) {
  if (type.starts_with("i"))
    return static_cast<uint64_t>(static_cast<int64_t>(value));
  llvm::APFloat number(value);
  bool inexact;
  number.convert(semanticsOf(type), llvm::APFloat::rmNearestTiesToEven,
                 &inexact);
  return number.bitcastToAPInt().getZExtValue();
}

static double decode(llvm::StringRef type, uint64_t bits) {
  llvm::APInt value(partBytes(type) * 8, bits);
  if (type.starts_with("i"))
    return static_cast<double>(value.getSExtValue());
  return llvm::APFloat(semanticsOf(type), value).convertToDouble();
}

Buffer::Buffer(std::string elementType, std::vector<int64_t> bufferShape)
    : type(std::move(elementType)), shape(std::move(bufferShape)) {
  // The bytes behind the end show a store that goes too far.
  bytes.assign(size() * elementBytes(type) + 256, '\x5A');
}

int64_t Buffer::size() const {
  int64_t product = 1;
  for (int64_t extent : shape)
    product *= extent;
  return product;
}

Number Buffer::get(int64_t index) const {
  llvm::StringRef part = partOf(type);
  unsigned width = partBytes(part);
  auto read = [&](unsigned number) {
    uint64_t bits = 0;
    std::memcpy(&bits, &bytes[index * elementBytes(type) + number * width],
                width);
    return decode(part, bits);
  };
  bool isComplex = part.size() != type.size();
  return {read(0), isComplex ? read(1) : 0};
}

void Buffer::set(int64_t index, Number value) {
  llvm::StringRef part = partOf(type);
  unsigned width = partBytes(part);
  auto write = [&](unsigned number, double real) {
    uint64_t bits = encode(part, real);
    std::memcpy(&bytes[index * elementBytes(type) + number * width], &bits,
                width);
  };
  write(0, value.real());
  if (part.size() != type.size())
    write(1, value.imag());
}

Dimension Nest::plain(unsigned loop) const {
  Dimension dimension(extents.size(), 0);
  dimension[loop] = 1;
  return dimension;
}

std::vector<int64_t>
Nest::shape(const std::vector<Dimension> &dimensions) const {
  std::vector<int64_t> result;
  for (const Dimension &dimension : dimensions) {
    int64_t last = 0;
    bool empty = false;
    for (unsigned loop = 0; loop != extents.size(); ++loop) {
      last += std::abs(dimension[loop]) * (extents[loop] - 1);
      empty |= dimension[loop] != 0 && extents[loop] == 0;
    }
    result.push_back(empty ? 0 : last + 1);
  }
  return result;
}

static std::string tensorType(const std::vector<int64_t> &shape,
                              const std::string &type) {
  std::string text = "tensor<";
  for (int64_t extent : shape)
    text += std::to_string(extent) + "x";
  return text + type + ">";
}

/// What has to be added to the sum so that it is never negative.
static int64_t offsetOf(const Dimension &dimension,
                        const std::vector<int64_t> &extents) {
  int64_t offset = 0;
  for (unsigned loop = 0; loop != extents.size(); ++loop)
    if (dimension[loop] < 0)
      offset -= dimension[loop] * (extents[loop] - 1);
  return offset;
}

static std::string mapText(const std::vector<Dimension> &dimensions,
                           const std::vector<int64_t> &extents) {
  unsigned loops = extents.size();
  std::string domain, range;
  for (unsigned loop = 0; loop != loops; ++loop)
    domain += (loop ? ", d" : "d") + std::to_string(loop);
  for (const Dimension &dimension : dimensions) {
    std::string sum;
    for (unsigned loop = 0; loop != loops; ++loop)
      if (dimension[loop] != 0)
        sum += (sum.empty() ? "d" : " + d") + std::to_string(loop) + " * " +
               std::to_string(dimension[loop]);
    if (int64_t offset = offsetOf(dimension, extents))
      sum += " + " + std::to_string(offset);
    range += (range.empty() ? "" : ", ") + (sum.empty() ? "0" : sum);
  }
  return "affine_map<(" + domain + ") -> (" + range + ")>";
}

/// The statements of the body and the name of the sum.
static std::string bodyText(const Nest &nest) {
  const std::string &in = nest.inputType, &out = nest.resultType;
  bool isFloat = out[0] != 'i', isComplex = out[0] == 'c';
  std::string dialect = isComplex ? "complex." : "arith.";
  std::string suffix = isComplex ? "" : isFloat ? "f" : "i";
  std::string flags = isFloat && !isComplex ? " fastmath<contract>" : "";
  std::string text, product;
  for (unsigned i = 0; i != nest.inputs.size(); ++i) {
    std::string name = "%i" + std::to_string(i);
    if (in != out) {
      text += "  %e" + std::to_string(i) + " = arith." +
              (isFloat ? "extf " : "extsi ") + name + " : " + in + " to " +
              out + "\n";
      name = "%e" + std::to_string(i);
    }
    if (i == 0) {
      product = name;
      continue;
    }
    std::string next = "%p" + std::to_string(i);
    text += "  " + next + " = " + dialect + "mul" + suffix + " " + product +
            ", " + name + flags + " : " + out + "\n";
    product = next;
  }
  return text + "  %s = " + dialect + "add" + suffix + " %acc, " + product +
         flags + " : " + out + "\n  linalg.yield %s : " + out + "\n";
}

std::string Nest::text() const {
  std::string resultTensor = tensorType(shape(result), resultType);
  std::string arguments, names, types, maps, bodyArguments, iterators;
  for (unsigned i = 0; i != inputs.size(); ++i) {
    std::string type = tensorType(shape(inputs[i]), inputType);
    std::string comma = i ? ", " : "";
    arguments += comma + "%a" + std::to_string(i) + ": " + type;
    names += comma + "%a" + std::to_string(i);
    types += comma + type;
    bodyArguments += "%i" + std::to_string(i) + ": " + inputType + ", ";
    maps += mapText(inputs[i], extents) + ", ";
  }
  maps += mapText(result, extents);
  for (char kind : kinds)
    iterators += (iterators.empty() ? "" : ", ") +
                 std::string(kind == 'p' ? "\"parallel\"" : "\"reduction\"");
  if (accumulates)
    arguments += ", %init: " + resultTensor;
  std::string part = partOf(resultType).str();
  std::string zero = resultType[0] == 'c' ? "complex.constant [0.0 : " + part +
                                                ", 0.0 : " + part + "]"
                     : resultType[0] == 'i' ? "arith.constant 0"
                                            : "arith.constant 0.0";
  std::string text =
      "func.func @f(" + arguments + ") -> " + resultTensor + " {\n";
  if (!accumulates)
    text += "%zero = " + zero + " : " + resultType +
            "\n%empty = tensor.empty() : " + resultTensor +
            "\n%init = linalg.fill ins(%zero : " + resultType +
            ") outs(%empty : " + resultTensor + ") -> " + resultTensor + "\n";
  text += "%r = linalg.generic {indexing_maps = [" + maps +
          "], iterator_types = [" + iterators + "]} ins(" + names + " : " +
          types + ") outs(%init : " + resultTensor + ") {\n^bb0(" +
          bodyArguments + "%acc: " + resultType + "):\n" + bodyText(*this) +
          "} -> " + resultTensor + "\nreturn %r : " + resultTensor + "\n}\n";
  return text;
}

std::vector<Buffer> Nest::randomInputs(std::mt19937 &random) const {
  std::vector<Buffer> buffers;
  for (const auto &dimensions : inputs)
    buffers.emplace_back(inputType, shape(dimensions));
  if (accumulates)
    buffers.emplace_back(resultType, shape(result));
  std::uniform_int_distribution<int> value(-3, 3);
  for (Buffer &buffer : buffers)
    for (int64_t i = 0, e = buffer.size(); i != e; ++i)
      buffer.set(i, {double(value(random)), double(value(random))});
  return buffers;
}

Buffer Nest::evaluate(const std::vector<Buffer> &buffers) const {
  Buffer out(resultType, shape(result));
  for (int64_t i = 0, e = out.size(); i != e; ++i)
    out.set(i, accumulates ? buffers.back().get(i) : Number());
  if (llvm::is_contained(extents, 0))
    return out;
  std::vector<int64_t> at(extents.size(), 0);
  auto index = [&](const std::vector<Dimension> &dimensions) {
    std::vector<int64_t> sizes = shape(dimensions);
    int64_t sum = 0;
    for (unsigned i = 0; i != dimensions.size(); ++i) {
      int64_t position = offsetOf(dimensions[i], extents);
      for (unsigned loop = 0; loop != at.size(); ++loop)
        position += dimensions[i][loop] * at[loop];
      sum = sum * sizes[i] + position;
    }
    return sum;
  };
  while (true) {
    Number product = 1;
    for (unsigned i = 0; i != inputs.size(); ++i)
      product *= buffers[i].get(index(inputs[i]));
    int64_t to = index(result);
    out.set(to, out.get(to) + product);
    unsigned loop = at.size();
    while (loop != 0 && ++at[loop - 1] == extents[loop - 1])
      at[--loop] = 0;
    if (loop == 0)
      return out;
  }
}

/// `loops` in random groups of one or two; a pair is a window a*i + b*j.
static std::vector<Dimension> randomDimensions(const Nest &nest,
                                               std::vector<unsigned> loops,
                                               std::mt19937 &random) {
  std::shuffle(loops.begin(), loops.end(), random);
  std::vector<Dimension> dimensions;
  for (unsigned i = 0; i < loops.size(); ++i) {
    Dimension dimension = nest.plain(loops[i]);
    if (random() % 2 && i + 1 < loops.size()) {
      dimension[loops[i]] = 1 + random() % 3;
      dimension[loops[++i]] = 1 + random() % 3;
    }
    for (int64_t &coefficient : dimension)
      if (random() % 4 == 0)
        coefficient = -coefficient;
    dimensions.push_back(dimension);
  }
  return dimensions;
}

Nest Nest::make(std::mt19937 &random) {
  Nest nest;
  unsigned loops = random() % 6;
  std::vector<unsigned> parallel, read, kernel;
  for (unsigned loop = 0; loop != loops; ++loop) {
    bool isLong = random() % 4 == 0;
    nest.extents.push_back(1 + random() % (isLong ? 40 : 9));
    bool isParallel = random() % 3 != 0;
    nest.kinds += isParallel ? 'p' : 'r';
    if (isParallel)
      parallel.push_back(loop);
    if (isParallel ? random() % 2 == 0 : true)
      kernel.push_back(loop);
    if (random() % 4 != 0)
      read.push_back(loop);
  }
  // Every loop is plain in the result or in the kernel, which fixes its extent.
  std::shuffle(parallel.begin(), parallel.end(), random);
  std::shuffle(kernel.begin(), kernel.end(), random);
  for (unsigned loop : parallel)
    nest.result.push_back(nest.plain(loop));
  std::vector<Dimension> kernelDimensions;
  for (unsigned loop : kernel)
    kernelDimensions.push_back(nest.plain(loop));
  nest.inputs.push_back(randomDimensions(nest, read, random));
  nest.inputs.push_back(kernelDimensions);
  nest.accumulates = random() % 4 == 0;
  return nest;
}

Nest Nest::matmul(int64_t m, int64_t n, int64_t k) {
  Nest nest;
  nest.extents = {m, n, k};
  nest.kinds = "ppr";
  nest.inputs = {{nest.plain(0), nest.plain(2)},
                 {nest.plain(2), nest.plain(1)}};
  nest.result = {nest.plain(0), nest.plain(1)};
  return nest;
}
