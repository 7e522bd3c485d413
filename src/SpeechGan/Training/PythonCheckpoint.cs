using System.Collections;
using System.IO.Compression;
using System.IO.Hashing;
using System.Runtime.InteropServices;
using Razorvine.Pickle;
using SpeechGan.Runs;
using TorchSharp.PyBridge;
using static TorchSharp.torch;

namespace SpeechGan.Training;

/// <summary>
/// State dicts that a Python trainer saved: <c>torch.save</c>'s zip files (.pt, .pth), read by TorchSharp.PyBridge, and safetensors. What
/// is pickled is data here: a class or a function that it names is refused and never run.
/// </summary>
internal static class PythonCheckpoint
{
    private const int Deepest = 4,
        NamedAtMost = 8,
        BlockBytes = 1 << 17;
    private const long Largest = 1L << 31;

    // Under which words trainers nest the generator's state dict, and what wrappers (DataParallel, torch.compile) put in front of every
    // name.
    private static readonly string[] Nests = ["generator", "state_dict", "model"],
        Wrappers = ["module.", "_orig_mod."];

    /// <summary>Reads the tensors of a file by their names in the network.</summary>
    /// <exception cref="StateDictException">It is no state dict.</exception>
    /// <exception cref="SafetensorsException">A safetensors file is damaged.</exception>
    public static IReadOnlyDictionary<string, TensorEntry> Load(string path)
    {
        byte[] start = new byte[4];
        using (var file = Opened(path))
        {
            file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        }

        if (start.AsSpan().SequenceEqual("PK\x03\x04"u8))
            return Named(path, Unpickled(path));
        if (IsPickleName(path) || start[0] == 0x80)
            throw new StateDictException(
                $"'{path}' is not in PyTorch's zip format: it is damaged, or was saved before PyTorch 1.6 or "
                    + $"with _use_new_zipfile_serialization=False. Save it again with torch.save(model.state_dict(), FILE).",
                path
            );
        return Named(path, Runs.Safetensors.Load(path).Tensors);
    }

    private static bool IsPickleName(string path) => Path.GetExtension(path) is ".pt" or ".pth" or ".bin" or ".ckpt";

    private static FileStream Opened(string path)
    {
        try
        {
            return File.OpenRead(path);
        }
        catch (Exception e) when (RunFolderException.IsStorage(e))
        {
            throw new StateDictException($"'{path}' cannot be read: {e.Message.TrimEnd('.')}. Check its rights and the disk.", path);
        }
    }

    private static Dictionary<string, TensorEntry> Unpickled(string path)
    {
        using var scope = NewDisposeScope();
        try
        {
            CheckArchive(path);
            using var file = Opened(path);
            var root = PyTorchUnpickler.UnpickleStateDict(file, leaveOpen: true);
            var tensors = new Dictionary<string, TensorEntry>(StringComparer.Ordinal);
            var other = new List<string>();
            var dictionary = Chosen(root, other, 0);
            foreach (DictionaryEntry entry in dictionary ?? new Hashtable())
            {
                if (entry is { Key: string name, Value: Tensor tensor })
                    tensors[name] = Entry(tensor);
            }

            return tensors.Count > 0
                ? tensors
                : throw new StateDictException(
                    $"'{path}' holds no tensor by name, neither by itself nor under {string.Join(", ", Nests)}; it has "
                        + $"{(other.Count == 0 ? "nothing" : string.Join(", ", other.Order(StringComparer.Ordinal).Take(NamedAtMost)))}. "
                        + $"Save the generator with torch.save(model.state_dict(), FILE).",
                    path
                );
        }
        catch (Exception e) when (IsUnreadable(e))
        {
            throw Refusal(path, e);
        }
    }

    // What PyBridge and its unpickler throw for bytes that are no state dict; NotImplementedException: an opcode or a storage type that
    // they do not read.
    private static bool IsUnreadable(Exception e) =>
        e
            is PickleException
                or InvalidOpcodeException
                or NotImplementedException
                or InvalidDataException
                or InvalidCastException
                or ArgumentException
                or InvalidOperationException
                or NullReferenceException
                or IndexOutOfRangeException
                or KeyNotFoundException
                or FormatException
                or OverflowException
                or NotSupportedException
                or EndOfStreamException
                or ExternalException
                or IOException
                or OutOfMemoryException
                or System.Reflection.TargetInvocationException;

    private static StateDictException Refusal(string path, Exception e)
    {
        // The library writes a storage's bytes into the tensor, which must be all of it and in its order.
        if (
            e.Message.Contains("non-contiguous", StringComparison.Ordinal)
            || e.Message.Contains("out of bounds for storage", StringComparison.Ordinal)
        )
            return new StateDictException(
                $"'{path}' holds a tensor that is a transposed view or a part of another one; whole tensors were expected. Save "
                    + $"copies: torch.save({{k: v.clone().contiguous() for k, v in model.state_dict().items()}}, FILE).",
                path
            );

        return new StateDictException(
            $"'{path}' is not a state dict that can be read ({e.GetType().Name}: {e.Message.Split('\n')[0].Trim().TrimEnd('.')}). "
                + $"Nothing pickled in it is run: a whole model, or any class or function, is refused. Save it again with "
                + $"torch.save(model.state_dict(), FILE).",
            path
        );
    }

    // PyTorch stores its entries as they are; what is packed could grow to anything, and the library would take a part of it for the whole.
    private static void CheckArchive(string path)
    {
        using var archive = ZipFile.OpenRead(path);
        if (!archive.Entries.Any(e => e.Name == "data.pkl"))
            throw new StateDictException(
                $"'{path}' is a zip file without data.pkl: it is not what torch.save writes (TorchScript and "
                    + $"other archives are not read). Save the generator with torch.save(model.state_dict(), FILE).",
                path
            );

        if (archive.Entries.FirstOrDefault(e => e.CompressedLength != e.Length) is { } packed)
            throw new StateDictException(
                $"'{path}' has a compressed entry, {packed.FullName}; torch.save stores them as they are. Save "
                    + $"it again with torch.save(model.state_dict(), FILE).",
                path
            );

        if (archive.Entries.Sum(e => e.Length) > Largest)
            throw new StateDictException(
                $"'{path}' holds more than {Largest >> 30} GiB; a generator of at most that was expected. Save " + $"its state dict alone.",
                path
            );

        CheckSums(path, archive);
    }

    // Neither .NET nor the library holds an entry against its checksum. Block by block: no second copy of the weights in memory.
    private static void CheckSums(string path, ZipArchive archive)
    {
        // torch.serialization.set_crc32_options(False) leaves all checksums 0; of real data one in four thousand million is 0.
        if (archive.Entries.All(e => e.Length == 0 || e.Crc32 == 0))
            return;

        var block = new byte[BlockBytes];
        foreach (var entry in archive.Entries)
        {
            var sum = new Crc32();
            using var data = entry.Open();
            for (int read; (read = data.Read(block)) > 0; )
                sum.Append(block.AsSpan(0, read));

            if (sum.GetCurrentHashAsUInt32() != entry.Crc32)
                throw new StateDictException(
                    $"'{path}' is damaged: the CRC-32 of its entry {entry.FullName} is {sum.GetCurrentHashAsUInt32():x8}, and the "
                        + $"file says {entry.Crc32:x8}. Copy or download it again, or save it again with "
                        + $"torch.save(model.state_dict(), FILE).",
                    path
                );
        }
    }

    // The dictionary that has tensors: this one, or the first below it under a word that is known.
    private static IDictionary? Chosen(IDictionary dictionary, List<string> other, int depth)
    {
        foreach (var nest in Nests)
        {
            if (
                depth < Deepest
                && dictionary.Contains(nest)
                && dictionary[nest] is IDictionary inner
                && Chosen(inner, other, depth + 1) is { } found
            )
                return found;
        }

        other.AddRange(dictionary.Keys.OfType<string>());
        return dictionary.Values.OfType<Tensor>().Any() ? dictionary : null;
    }

    private static TensorEntry Entry(Tensor tensor)
    {
        var type = tensor.dtype switch
        {
            ScalarType.Float32 => TensorType.F32,
            ScalarType.Float64 => TensorType.F64,
            ScalarType.Float16 or ScalarType.BFloat16 => TensorType.F32,
            ScalarType.Int64 or ScalarType.Int32 or ScalarType.Int16 or ScalarType.Int8 or ScalarType.Byte or ScalarType.Bool =>
                TensorType.I64,
            _ => throw new NotSupportedException($"tensors of {tensor.dtype} are not weights"),
        };
        using var plain = tensor
            .detach()
            .to(
                type switch
                {
                    TensorType.F32 => ScalarType.Float32,
                    TensorType.F64 => ScalarType.Float64,
                    _ => ScalarType.Int64,
                }
            )
            .contiguous();
        return new TensorEntry(type, plain.shape, plain.bytes.ToArray());
    }

    // Wrappers' prefixes go; of a file with several networks the generator stays.
    private static IReadOnlyDictionary<string, TensorEntry> Named(string path, IReadOnlyDictionary<string, TensorEntry> tensors)
    {
        var named = tensors.Select(t => (Name: Unwrapped(t.Key), t.Value)).ToList();
        foreach (var nest in Nests)
        {
            var prefix = nest + ".";
            if (named.Any(n => n.Name.StartsWith(prefix, StringComparison.Ordinal)))
                named =
                [
                    .. named
                        .Where(n => n.Name.StartsWith(prefix, StringComparison.Ordinal))
                        .Select(n => (Unwrapped(n.Name[prefix.Length..]), n.Value)),
                ];
        }

        var result = new Dictionary<string, TensorEntry>(StringComparer.Ordinal);
        foreach (var (name, value) in named)
        {
            // PyBridge gives a number an axis of one.
            var entry =
                name.EndsWith(".num_batches_tracked", StringComparison.Ordinal) && value.Shape is [1]
                    ? new TensorEntry(value.Type, [], value.Bytes)
                    : value;
            if (!result.TryAdd(name, entry))
                throw new StateDictException(
                    $"'{path}' has the tensor {name} twice once the prefixes {string.Join(" and ", Wrappers)} "
                        + $"are taken off. Save one network's state dict alone.",
                    path
                );
        }

        return result;
    }

    private static string Unwrapped(string name)
    {
        while (Wrappers.FirstOrDefault(w => name.StartsWith(w, StringComparison.Ordinal)) is { } wrapper)
            name = name[wrapper.Length..];

        return name;
    }
}
