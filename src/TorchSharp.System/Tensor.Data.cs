using System.Collections;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using TorchSharp.Interop;
using TorchSharp.Utils;

namespace TorchSharp
{
    public static partial class torch
    {
        public partial class Tensor
        {
            /// <summary>The raw bytes of a contiguous tensor on the CPU, in place.</summary>
            public unsafe Span<byte> bytes
            {
                get
                {
                    if (!is_contiguous())
                        throw new InvalidOperationException("bytes: the tensor is not contiguous; call contiguous() first.");
                    if (device_type != DeviceType.CPU)
                        throw new InvalidOperationException("bytes: the tensor is not on the CPU; call cpu() first.");
                    return new Span<byte>((void*)Data(), checked((int)(NumberOfElements * ElementSize)));
                }
                set
                {
                    var to = bytes;
                    if (to.Length != value.Length)
                        throw new ArgumentException($"bytes: the tensor has {to.Length} bytes, {value.Length} were given.", nameof(value));
                    value.CopyTo(to);
                }
            }

            public TensorAccessor<T> data<T>() where T : unmanaged
            {
                if (Unsafe.SizeOf<T>() != ElementSize)
                    throw new ArgumentException($"data: elements are {dtype}, not {typeof(T).Name}.");
                if (device_type != DeviceType.CPU)
                    throw new InvalidOperationException("data: the tensor is not on the CPU; call cpu() first.");
                return new TensorAccessor<T>(is_contiguous() ? this : contiguous());
            }

            public T item<T>() where T : unmanaged
            {
                if (NumberOfElements != 1)
                    throw new ArgumentException($"item: the tensor has {NumberOfElements} elements, not one.");
                using var here = cpu();
                return here.data<T>()[0];
            }

            internal nint Data()
            {
                Native.Check(Native.sg_data(Handle, out var p), "data_ptr");
                return p;
            }

            internal double Number()
            {
                if (NumberOfElements != 1)
                    throw new ArgumentException($"The tensor has {NumberOfElements} elements, not one.");
                return LocalScalar.Number(this);
            }

            private static readonly Op LocalScalar = new("_local_scalar_dense");
        }
    }

    public static partial class TensorExtensionMethods
    {
        public static Modules.Parameter AsParameter(this torch.Tensor tensor) => new(tensor);
        public static double ToDouble(this torch.Tensor value) => value.Number();
        public static float ToSingle(this torch.Tensor value) => (float)value.Number();
        public static long ToInt64(this torch.Tensor value) => (long)value.Number();
        public static int ToInt32(this torch.Tensor value) => (int)value.Number();
        public static bool ToBoolean(this torch.Tensor value) => value.Number() != 0;
    }
}

namespace TorchSharp.Utils
{
    /// <summary>Reads the elements of a tensor on the CPU.</summary>
    public sealed class TensorAccessor<T> : IEnumerable<T> where T : unmanaged
    {
        private readonly torch.Tensor tensor;

        internal TensorAccessor(torch.Tensor tensor) => (this.tensor, Count) = (tensor, tensor.NumberOfElements);

        public long Count { get; }

        public T this[params long[] indices]
        {
            get
            {
                if (indices.Length == 1)
                    return Span()[checked((int)indices[0])];
                var strides = tensor.stride();
                long at = 0;
                for (var k = 0; k < indices.Length; k++)
                    at += indices[k] * strides[k];
                return Span()[checked((int)at)];
            }
        }

        public T[] ToArray() => Span().ToArray();
        public void CopyTo(Span<T> array) => Span().CopyTo(array);

        public IEnumerator<T> GetEnumerator() => ((IEnumerable<T>)ToArray()).GetEnumerator();
        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

        private Span<T> Span() => MemoryMarshal.Cast<byte, T>(tensor.bytes);
    }
}
