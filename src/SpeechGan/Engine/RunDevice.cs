using TorchSharp;
using static TorchSharp.torch;

namespace SpeechGan.Engine;

/// <summary>The device that a configuration names, if this machine and this libtorch have it.</summary>
public static class RunDevice
{
    /// <summary>Finds it.</summary>
    /// <param name="name"><c>cpu</c>, <c>cuda</c> or <c>cuda:N</c>.</param>
    /// <exception cref="DeviceException">It is not there; the sentence says what is, and what to do.</exception>
    public static Device Require(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (name == "cpu")
            return CPU;
        var there = cuda.is_available() ? cuda.device_count() : 0;
        if (there == 0)
            throw new DeviceException(
                $"The device '{name}' is not there: libtorch ({EngineInfo.Libtorch}) finds no CUDA device. Set train.device=cpu (--device cpu), or use a libtorch with CUDA on a machine with a GPU (docs/gpu.md).");
        var found = torch.device(name);
        return found.index < there ? found : throw new DeviceException(
            $"The device '{name}' is not there: libtorch finds {there} CUDA device{(there == 1 ? "" : "s")}, cuda:0{(there == 1 ? "" : $" to cuda:{there - 1}")}. Give one of them, or cpu.");
    }
}
