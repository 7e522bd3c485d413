using System.Reflection;

namespace SpeechGan.Tests.Unit.Engine;

/// <summary>
/// The copy of libLibTorchSharp.so that the build made (tools/msbuild/WeakenTorchSharp.targets), against the package's own file.
/// </summary>
[Platform("Linux")]
public sealed class WeakenedCopyTests
{
    private const int WeakFlag = 2; // VER_FLG_WEAK, <elf.h>

    [Test]
    public void The_copy_differs_from_the_package_in_the_weak_flag_of_one_need_and_nothing_else()
    {
        var copy = File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "libLibTorchSharp.so"));
        var original = File.ReadAllBytes(Original());
        copy.Length.Should().Be(original.Length);
        var places = Enumerable.Range(0, copy.Length).Where(i => copy[i] != original[i]).ToList();
        places.Should().ContainSingle();
        (copy[places[0]] ^ original[places[0]]).Should().Be(WeakFlag);
        original[places[0]].Should().Be(0, "the package's need is not weak");
        // Elf64_Vernaux: hash, flags, ...; the hash before the flags is that of the version's name.
        BitConverter.ToUInt32(copy, places[0] - 4).Should().Be(ElfHash("GLIBCXX_3.4.32"));
    }

    private static string Original()
    {
        var root = typeof(WeakenedCopyTests)
            .Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .Single(a => a.Key == "NuGetPackageRoot")
            .Value!;
        var version = typeof(TorchSharp.torch)
            .Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!
            .InformationalVersion.Split('+')[0];
        var path = Path.Combine(root, "torchsharp", version, "runtimes", "linux-x64", "native", "libLibTorchSharp.so");
        if (!File.Exists(path))
            Assert.Ignore($"the package that this was built from is not at '{path}' any more");
        return path;
    }

    // System V ABI, "hash table".
    private static uint ElfHash(string name)
    {
        uint hash = 0;
        foreach (var c in name)
        {
            hash = (hash << 4) + c;
            var high = hash & 0xf0000000;
            hash = (hash ^ (high >> 24)) & ~high;
        }
        return hash;
    }
}
